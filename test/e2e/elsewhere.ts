import {
  copyFileSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultPool, pooledPath } from '../../src/inputs/pool/pool.ts';
import { type IngotProcess, project, startProgram } from './ingot-process.ts';

/** A copy of ingot in another folder, with the modes that a umask of 077 gives and times that are years older. */
export function copyOfIngot(folder: string): string {
  const copy = join(folder, 'a copy', 'ingot');
  for (const name of ['bin', 'dist', 'images', 'node-tools', 'templates', 'stand-ins', 'package.json'])
    cpSync(join(project, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    if (!entry.parentPath.startsWith(join(copy, 'node_modules')))
      lutimesSync(join(entry.parentPath, entry.name), 1_234_567_890, 1_234_567_890);
  }
  return copy;
}

/** A pool with only the files that the lock names, filled in reverse order. */
export function reversedPool(folder: string, lockFile: string): string {
  const pool = join(folder, 'pool');
  const digests = [...readFileSync(lockFile, 'utf8').matchAll(/\b[0-9a-f]{64}\b/g)].map(([digest]) => digest);
  const pooled = [...new Set(digests)].filter((digest) =>
    existsSync(pooledPath(defaultPool(process.env), digest)),
  );
  for (const digest of pooled.sort().reverse()) {
    const target = pooledPath(pool, digest);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(pooledPath(defaultPool(process.env), digest), target);
  }
  return pool;
}

/** Variables that programs of a bake would follow if they were passed on. */
const hostile = {
  LANG: 'tr_TR.UTF-8',
  LC_ALL: 'tr_TR.UTF-8',
  TZ: 'Pacific/Kiritimati',
  HOME: '/nonexistent',
  USER: 'somebody',
  SOURCE_DATE_EPOCH: '1',
  TAR_OPTIONS: '--owner=nobody --sort=none',
  ZSTD_CLEVEL: '19',
  GZIP: '-1',
  MTOOLSRC: '/nonexistent',
  E2FSPROGS_FAKE_TIME: '1',
  DPKG_ROOT: '/nonexistent',
  DEB_VENDOR: 'somebody',
  PYTHONHASHSEED: '7',
  JAVA_TOOL_OPTIONS: '-Duser.language=tr',
};

/**
 * Runs the ingot of a folder as on another machine: file system in memory at `memory`, one processor, another host
 * name, no network except loopback, another umask, locale, time zone and environment. `prepare` is a shell script that
 * runs there first.
 */
export function startElsewhere(
  copy: string,
  memory: string,
  prepare: string,
  args: readonly string[],
): IngotProcess {
  const script = `mount -t tmpfs -o size=12g,mode=755 tmpfs "$1"; hostname elsewhere.example.org; ip link set lo up; umask 077
    ${prepare}
    shift; exec taskset --cpu-list 0 "$@"`;
  const env = { ...hostile, PATH: process.env['PATH'], INGOT_ACCEL: process.env['INGOT_ACCEL'] };
  return startProgram(
    'unshare',
    [
      ...['--mount', '--uts', '--net', '--propagation', 'private', 'sh', '-euc', script, 'elsewhere', memory],
      ...[join(copy, 'bin', 'ingot'), ...args],
    ],
    { cwd: copy, env },
  );
}
