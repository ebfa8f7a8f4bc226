import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageDiff } from '../../../src/diff/image-diff.ts';
import { reportOf } from '../../../src/diff/report.ts';
import { markdownText, reportMarkdown } from '../../../src/diff/report-markdown.ts';
import { reportText } from '../../../src/diff/report-text.ts';
import { pathLine } from '../../../src/diff/sections/files.ts';
import { diffPage } from '../../../src/report/document/diff-page.tsx';

const evil = '<script>alert(1)</script> | `x` \u001b[31m';
const diff: ImageDiff = {
  schema: 1,
  kind: 'versions',
  same: false,
  before: { named: 'a', title: 'slave 1', packages: 2 },
  after: { named: 'b', title: 'slave 2', packages: 2 },
  packages: [
    { name: 'libssl3', architecture: 'amd64', kind: 'upgraded', before: '1', after: '2', source: 'openssl' },
  ],
  security: [
    { source: 'openssl', before: '1', after: '2', entries: [], urgency: 'high', cves: ['CVE-2026-1000'] },
    { source: 'curl', before: '1', after: '2', entries: [], cves: [], unknown: 'the pool has no curl 2' },
  ],
  root: {
    head: [],
    rootHash: { name: 'rootHash', before: 'a'.repeat(64), after: 'b'.repeat(64) },
    kernelArguments: { added: ['panic=60'], removed: [] },
    units: [{ unit: 'a.service', kind: 'enabled', by: 'multi-user.target' }],
    configuration: [
      { path: '/etc/x', kind: 'changed', textDiff: `--- before/etc/x\n+++ after/etc/x\n+${evil}\n+\`\`\`\`` },
      { path: '/etc/shadow', kind: 'changed', note: 'not shown: not everybody may read it' },
    ],
    paths: {
      added: 30,
      removed: 0,
      changed: 0,
      timesOnly: 4,
      list: Array.from({ length: 30 }, (_, index) => ({
        path: `/opt/${index}${evil}`,
        kind: 'added' as const,
        fields: [],
        owner: 'generated',
        also: [],
      })),
    },
    sizes: { root: { before: 1024, after: 2048 }, byOwner: [{ owner: 'generated', bytes: 1024 }], files: [] },
  },
};

describe('the report about two versions', () => {
  it('has in every format: packages, security fixes and packages whose fixes are unknown, units, arguments, diffs, sizes', () => {
    const report = reportOf(diff, false);
    for (const text of [reportText(report), reportMarkdown(report), diffPage(report)])
      for (const said of [
        'libssl3',
        'CVE-2026-1000',
        'the pool has no curl 2',
        'panic=60',
        'a.service',
        'after/etc/x',
        'not shown: not everybody may read it',
        '+1.0 KiB',
        '4 more differ only in their time',
      ])
        expect(text.replaceAll('&#x3D;', '=')).toContain(said);
  });

  it('shows the first 20 paths of an owner and counts the others, or shows all', () => {
    const lines = (all: boolean) => reportText(reportOf(diff, all)).split('\n');
    const paths = (all: boolean) => lines(all).filter((line) => line.startsWith('    + /opt/'));
    expect(paths(false)).toHaveLength(20);
    expect(lines(false)).toContain('    (and 10 more)');
    expect(paths(true)).toHaveLength(30);
  });

  it('is one line if they are the same', () => {
    expect(reportText(reportOf({ ...diff, same: true }, false))).toBe('slave 1\n  the same\n');
  });

  it('shows the new privileges of a program', () => {
    const fields = [{ name: 'mode', before: '0755', after: '4755' }];
    expect(pathLine({ path: '/usr/bin/x', kind: 'changed', fields, owner: 'x', also: [] })).toBe(
      '~ /usr/bin/x  mode 0755 → 4755 SET-UID',
    );
  });
});

describe('text in an image', () => {
  it('cannot send a command to a terminal', () => {
    expect(reportText(reportOf(diff, true))).not.toContain('\u001b');
  });

  it('cannot add markup to the HTML report, which loads nothing', () => {
    const html = diffPage(reportOf(diff, true));
    expect(html).toContain('&lt;script>');
    expect(html).not.toMatch(/<script|\bsrc=|<link|url\(/);
  });

  it('cannot end a fence or a cell of the release notes', () => {
    const notes = reportMarkdown(reportOf(diff, true));
    expect(notes).toContain('`````diff');
    expect(markdownText('a | <b> *c*\n- d')).toBe('a \\| \\<b\\> \\*c\\* - d');
    fc.assert(
      fc.property(fc.string(), (any) => {
        const text = markdownText(any);
        expect(text).not.toContain('\n');
        expect(text.replaceAll(/\\[^]/g, '')).not.toMatch(/[|<>`*_[\]]/);
      }),
    );
  });
});
