import { expect, test } from 'vitest';
import { versionsIn } from '../../../src/host/installed-versions.ts';

const stanza = (name: string, version: string, state = 'installed', more = ''): string =>
  `Package: ${name}\nStatus: install ok ${state}\nArchitecture: amd64\nVersion: ${version}\nDescription: x\n Package: other\n${more}\n`;

test('the version of each installed package is read, and no others', () => {
  const status = [
    stanza('apt', '2.6.1'),
    stanza('apt-utils', '2.6.1+b1'),
    stanza('removed', '1.0', 'config-files'),
    stanza('packer', '1:1.6.6-1'),
  ].join('\n');
  const names = ['packer', 'apt', 'apt-utils', 'removed', 'missing', 'other', 'ap'];
  expect([...versionsIn(status, names)]).toEqual([
    ['packer', '1:1.6.6-1'],
    ['apt', '2.6.1'],
    ['apt-utils', '2.6.1+b1'],
  ]);
});

test('of several architectures, the installed one counts', () => {
  const status = [stanza('libc6', '1.0', 'config-files'), stanza('libc6', '2.0')].join('\n');
  expect(versionsIn(status, ['libc6']).get('libc6')).toBe('2.0');
});

test('the last package of the file is also found, and an empty file has none', () => {
  expect(versionsIn(stanza('zstd', '1.5.4').trimEnd(), ['zstd']).get('zstd')).toBe('1.5.4');
  expect(versionsIn('', ['zstd']).size).toBe(0);
});
