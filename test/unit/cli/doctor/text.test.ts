import { expect, test } from 'vitest';
import { findingsJson, findingsText } from '../../../../src/cli/doctor/text.ts';
import { type Finding, found, ok } from '../../../../src/doctor/finding.ts';

const install = 'apt-get install --no-install-recommends squashfs-tools';
const findings: readonly Finding[] = [
  ok('programs', 'packer (packer 1.8): the build guests'),
  ok('programs', 'tar (tar 1.34): trees'),
  found('programs', 'problem', 'mksquashfs is missing (Debian package squashfs-tools): the golden root', {
    command: install,
    fix: () => Promise.resolve(),
  }),
  found(
    'clock',
    'warning',
    'the clock of this host is not synchronised – at all',
    'timedatectl set-ntp true',
  ),
];

test('what is right is one line for each check, what is wrong one line and the command that mends it', () => {
  expect(findingsText(findings, false, 120)).toBe(
    `ok       programs     2 programs are installed
problem  programs     mksquashfs is missing (Debian package squashfs-tools): the golden root
  → ${install}
warning  clock        the clock of this host is not synchronised – at all
  → timedatectl set-ntp true
`,
  );
});

test('--verbose has a line for everything', () => {
  expect(findingsText(findings, true, 120)).toContain(
    'ok       programs     packer (packer 1.8): the build guests\n',
  );
});

test('a terminal of 40 columns gets text within 40 columns; commands are not broken, so that they can be copied', () => {
  const lines = findingsText(findings, true, 40).trimEnd().split('\n');
  expect(lines).toContain(`  → ${install}`);
  for (const line of lines) expect(line.length <= 40 || line.startsWith('  → '), line).toBe(true);
});

test('--json has a version, whether a bake works, and for each finding what mends it', () => {
  const text = findingsJson(findings, [install]);
  expect(text).toMatch(/^[\u0000-\u007f]*$/);
  expect(JSON.parse(text)).toMatchObject({
    schema: 1,
    ready: false,
    fixed: [install],
    findings: [
      { check: 'programs', state: 'ok', remedy: null },
      { remedy: null },
      { state: 'problem', remedy: { command: install, safe: true } },
      { state: 'warning', remedy: { command: 'timedatectl set-ntp true', safe: false } },
    ],
  });
  expect(JSON.parse(findingsJson([found('clock', 'warning', 'x')], []))).toMatchObject({ ready: true });
});
