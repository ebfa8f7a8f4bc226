import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, buildDebs } from './bench.ts';

let folder: string;
let bench: Bench;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stand-in-debs-'));
  bench = new Bench();
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

test('building twice gives the same bytes, under names that do not change', () => {
  const first = buildDebs(join(folder, 'first'));
  const second = buildDebs(join(folder, 'second'));
  expect(first.map((path) => basename(path))).toEqual([
    'aventer-mesos_1.11.0-0.10.0.standin1_all.deb',
    'marathon_1.11.24-1.standin1_all.deb',
    'mesos_1.9.0-1.standin1_all.deb',
  ]);
  for (const [index, path] of first.entries())
    expect(readFileSync(path).equals(readFileSync(second[index] ?? ''))).toBe(true);
});

test('all packages and all programs identify themselves as stand-ins', () => {
  for (const deb of buildDebs(join(folder, 'named'))) {
    const field = (name: string) => execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' });
    expect(field('Ingot-Stand-In').trim()).toBe('yes');
    expect(field('Description')).toContain('stand-in');
  }
  for (const program of ['usr/sbin/mesos-master', 'usr/sbin/mesos-agent', 'usr/bin/marathon'])
    expect(execFileSync(join(bench.tree, program), ['--version'], { encoding: 'utf8' })).toContain('standin');
  for (const program of ['usr/bin/mesos-master', 'usr/bin/mesos-agent'])
    expect(execFileSync(join(bench.clusterd, program), ['--version'], { encoding: 'utf8' })).toMatch(
      /1\.11\.0-standin .*not clusterd/,
    );
});

test('the wrapper turns the files below /etc into flags', () => {
  const etc = join(bench.tree, 'etc');
  const sbin = join(folder, 'sbin');
  mkdirSync(sbin);
  writeFileSync(join(sbin, 'mesos-slave'), '#!/bin/sh\nprintf \'%s\\n\' "$@"\n');
  chmodSync(join(sbin, 'mesos-slave'), 0o755);
  writeFileSync(join(etc, 'mesos/zk'), 'zk://10.0.0.11:2181/mesos\n');
  writeFileSync(join(etc, 'mesos-slave/hostname_lookup'), 'false\n');
  writeFileSync(join(etc, 'mesos-slave/?no-switch_user'), '');
  mkdirSync(join(etc, 'mesos-slave/attributes'));
  writeFileSync(join(etc, 'mesos-slave/attributes/rack'), 'r1\n');
  writeFileSync(join(etc, 'mesos-slave/attributes/zone'), 'b\n');
  // /dev/log is hidden, so that the output comes here and not into a journal.
  const script = [
    'mount --bind "$1/etc" /etc',
    'mount --bind "$2" /usr/sbin',
    'if [ -e /dev/log ]; then mount --bind /dev/null /dev/log; fi',
    'exec "$1/usr/bin/mesos-init-wrapper" slave',
  ].join('\n');
  const out = execFileSync('unshare', ['-m', 'sh', '-euc', script, 'sh', bench.tree, sbin], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(out.trim().split('\n')).toEqual([
    '--master=zk://10.0.0.11:2181/mesos',
    '--log_dir=/var/log/mesos',
    '--no-switch_user',
    '--hostname_lookup=false',
    '--work_dir=/var/lib/mesos',
    '--attributes=rack:r1;zone:b',
  ]);
});
