import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  missingPrograms,
  netbootPrograms,
  requiredPrograms,
  requirePrograms,
} from '../../../src/host/required-programs.ts';
import { ingotErrorOf } from '../../samples/spec.ts';

const none = [
  { program: 'no-such-tool', debianPackage: 'such-tools', for: 'this test' },
  { program: '/no/such/file', debianPackage: 'such-files', for: 'that test' },
  { program: 'no-other-tool', debianPackage: 'such-tools', for: 'a third' },
];

describe('programs that a bake needs', () => {
  test('but are missing are listed with their package, their use and the command that installs them', () => {
    const error = ingotErrorOf(() => {
      requirePrograms([...requiredPrograms, ...none]);
    });
    expect(error).toMatchObject({ code: 'missing-program', exitCode: 2 });
    expect(error.message).toBe('3 programs are missing on this host:');
    expect(error.excerpt).toEqual([
      'no-such-tool (Debian package such-tools): this test',
      '/no/such/file (Debian package such-files): that test',
      'no-other-tool (Debian package such-tools): a third',
    ]);
    expect(error.hint).toBe('install: apt-get install --no-install-recommends such-tools such-files');
  });

  test('include the one that a reproduction needs to explain a difference', () => {
    expect(requiredPrograms.map(({ program }) => program)).toContain('zstd');
  });

  test("are searched for where ingot runs them, not in the user's PATH", () => {
    expect(missingPrograms([{ program: 'sh', debianPackage: 'dash', for: 'all' }])).toEqual([]);
    expect(missingPrograms(none)).toEqual(none);
  });

  test('are all installed by make setup, with every package', () => {
    const text = readFileSync(new URL('../../../setup/host-packages', import.meta.url), 'utf8');
    const installed = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const wanted = [...requiredPrograms, ...netbootPrograms].map(({ debianPackage }) => debianPackage);
    // dpkg exists wherever apt does: every Debian system has it (Essential: yes).
    expect(wanted.filter((name) => name !== 'dpkg' && !installed.includes(name))).toEqual([]);
    expect(new Set(installed).size).toBe(installed.length);
  });
});
