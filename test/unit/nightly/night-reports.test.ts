import { expect, test } from 'vitest';
import { nightSummary } from '../../../src/cli/nightly/write-night-reports.ts';
import { nightlyShape } from '../../../src/cli/shapes/nightly-shape.ts';
import { reportMarkdown } from '../../../src/diff/report-markdown.ts';
import type { Night, NightStepRecord } from '../../../src/nightly/night.ts';
import { nightJunit } from '../../../src/nightly/night-junit.ts';
import { nightReport } from '../../../src/nightly/night-report.ts';
import { nightlyPage } from '../../../src/report/document/nightly-page.tsx';
import { begunNight, publishedFacts } from '../../samples/nights.ts';

const record = (name: NightStepRecord['name'], more: Partial<NightStepRecord> = {}): NightStepRecord => ({
  ...{ name, result: 'done', begun: begunNight.begun, seconds: 1.5, says: [`${name} says`], facts: {} },
  ...more,
});
const ended = '2026-11-30T02:10:00.000Z';

const published: Night = {
  ...begunNight,
  ...{ ended, result: 'published' },
  steps: [record('lock'), record('bake', { facts: publishedFacts }), record('rehearse', { result: 'kept' })],
};
const failed: Night = {
  ...begunNight,
  ...{ ended, result: 'failed' },
  steps: [
    record('lock'),
    record('bake', {
      result: 'failed',
      says: ['step 10 failed'],
      failure: {
        ...{ code: 'step-failed', message: 'step 10 failed', hint: 'look' },
        excerpt: ['\u001b[31m<b>]]>\u001b[0m', '\u0000 control'],
      },
    }),
  ],
};
const unchanged: Night = {
  ...begunNight,
  ended,
  result: 'unchanged',
  steps: [record('lock'), record('changes')],
};

test('the report names the versions, the packages, the drills, what differs and the channel', () => {
  const text = reportMarkdown(nightReport(published));
  expect(text).toContain('# demo, 20261130T020000Z-abcdef: published');
  expect(text).toContain('begun 2026-11-30T02:00:00.000Z, took 600.0 s');
  expect(text).toContain('| openssl | 3.0.15-1\\~deb12u1 | 3.0.17-1\\~deb12u2 | yes | shared |');
  expect(text).toContain('| master | 20261129-aaaaaaaaaaaa | 20261122-0123456789ab |');
  expect(text).toContain('the channel candidate leads to them');
  expect(text).toContain('| rise | passed | 60.3 s |');
  expect(text).toContain('all of it: diff-master.html');
});

test('a failed night reports first why, with the lines that were seen, the hint and the code', () => {
  const report = nightReport(failed);
  expect(report.sections[0]).toMatchObject({
    title: 'Why the step bake failed',
    lines: ['step 10 failed', 'look', 'code: step-failed'],
  });
  expect(reportMarkdown(report)).toContain('| publish | not run |');
  expect(reportMarkdown(nightReport(unchanged))).toContain('| bake | not needed |');
});

test('the page contains no markup of the data, and loads nothing', () => {
  const page = nightlyPage(nightReport(failed));
  expect(page).not.toContain('<b>');
  expect(page).not.toMatch(/\ssrc=|<script|url\(/);
});

test('JUnit has one test for each step and drill, with failures and what was skipped', () => {
  const text = nightJunit(published);
  expect(text).toContain(
    '<testsuite name="ingot nightly: steps" tests="7" failures="0" errors="0" skipped="4"',
  );
  expect(text).toContain('classname="ingot.nightly.drills" name="rise" time="60.250"/>');
  expect(text).toContain('<skipped message="skipped: the cluster has no Marathon"/>');
  const wrong = nightJunit(failed);
  expect(wrong).toContain('failures="1"');
  expect(wrong).toContain('&lt;b&gt;]]&gt;');
  // XML 1.0 has no control characters, not even escaped ones.
  expect(wrong).not.toMatch(/[\u0000-\u0008\u000b-\u001f]|&#/);
});

test.each([published, failed, unchanged])('the summary of a night has the documented shape (%#)', (night) => {
  const summary = nightSummary({ folder: '/srv/out/nightly/x', night });
  expect(nightlyShape.parse(summary)).toEqual(summary);
  expect(summary.steps).toHaveLength(7);
});
