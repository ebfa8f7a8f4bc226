import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowestUnits } from '../../../../src/report/version/sections/boot.tsx';
import { versionPage } from '../../../../src/report/version/version-page.tsx';
import { anyText } from '../../../samples/hostile.ts';
import { reportFacts } from '../../../samples/report-facts.ts';

/** A report without what every one of them has. */
const without = (html: string): string => html.replace(/<style>[\s\S]*?<\/style>/, '');

describe('the report of a version', () => {
  it('shows sizes, changes with CVE numbers, root hash, signatures, boot, units, checks, stages and logs', () => {
    const html = versionPage(reportFacts(30));
    for (const text of [
      ...['Treemap of', 'by package', 'by folder', 'package-29', '/usr/lib', 'jvm'],
      ...['Changes since 20261128-34df6ba5d428', 'libssl3', 'upgraded', 'CVE-2026-1019', '20 CVE numbers'],
      ...['not known of curl 1 → 2: the pool has no curl 2', 'c'.repeat(64), '0'.repeat(64)],
      ...['firmware', 'drivers', 'zookeeper.service', 'broken.service', 'failed', 'emulated'],
      ...['no unit has failed', 'the system is running', 'packages master', 'from the cache', 'verify'],
      ...['href="../runs/20261130T155234Z-6wwiqz/logs/console-verify-master.log"', 'not for production'],
      ...['operators become root by it', 'rise, leader'],
    ])
      expect(html, text).toContain(text);
  });

  it('says what is not known of a first, unsigned, unrecorded version, and does not invent it', () => {
    const html = versionPage(
      reportFacts(0, {
        ...{ changes: undefined, checks: undefined, times: undefined, bake: undefined, signedBy: [] },
        ...{ packageSizes: [], logs: [], rehearsals: [], privileges: [] },
      }),
    );
    for (const text of [
      'no version of this role that was published before',
      'not signed',
      'no record of its boot test',
      'The boot was not recorded',
      'How this version was baked is not recorded',
      'does not state the sizes of packages',
      'has no logs of the run',
    ])
      expect(html, text).toContain(text);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says that a signature does not match', () => {
    expect(versionPage(reportFacts(1, { signedBy: 'damaged' }))).toContain('the signature does not match');
  });

  it('draws durations only, and says so, if it is not known when stages began', () => {
    const { bake } = reportFacts(1);
    const stages = [{ name: 'verify', begun: undefined, seconds: 308 }];
    expect(versionPage(reportFacts(1, { bake: bake && { ...bake, stages } }))).toContain(
      'The begin of the stages was not recorded',
    );
  });

  it('loads nothing and runs no script, whatever the names in it are', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const facts = reportFacts(2, {
          packageSizes: [{ name, leaves: [{ name, size: 5 }] }],
          privileges: [{ path: name, mode: '4755', why: name }],
          logs: [{ href: encodeURIComponent(name.toWellFormed()), name, bytes: 1, text: name }],
        });
        const html = versionPage(facts);
        expect(without(html)).not.toMatch(/<script|\ssrc=|url\(|<link|<img|<iframe|\son\w+=/i);
        expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(html.isWellFormed()).toBe(true);
      }),
      { numRuns: 40 },
    );
    expect(versionPage(reportFacts(1))).toContain("default-src 'none'; style-src 'unsafe-inline'");
  });

  it('names no place of the machine that wrote it', () => {
    expect(versionPage(reportFacts(3))).not.toMatch(/(href="\/|file:\/\/|\/root\/|\/home\/)/);
  });
});

it('of many units the slowest are drawn, in the order of their start, and every failed one', () => {
  const units = Array.from({ length: 200 }, (_, index) => ({
    ...{ name: `u${index}.service`, from: 200 - index, seconds: index },
  }));
  const shown = slowestUnits([...units, { name: 'bad.service', from: 0, seconds: 0, failed: true }], 10);
  expect(shown.length).toBe(10);
  expect(shown[0]?.name).toBe('bad.service');
  expect(shown.map(({ from }) => from)).toEqual(shown.map(({ from }) => from).toSorted((a, b) => a - b));
  expect(shown.map(({ name }) => name)).toContain('u199.service');
});
