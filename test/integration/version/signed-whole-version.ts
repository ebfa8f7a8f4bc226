import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { verifyShape } from '../../../src/cli/shapes/test-shapes.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { signSums } from '../../../src/version/sign-version.ts';
import { keySigner } from '../../../src/version/signer.ts';
import type { VersionReport } from '../../../src/version/verify-version.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeWholeVersion, type WholeVersion, writeKey } from './whole-version.ts';

/** A folder with the keys release and other. */
export let work: string;
/** A version in it, signed with the key release. */
export let whole: WholeVersion;
export let privatePem: string;
/** Its files, as paths in its folder. */
export let files: string[];

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  whole = await makeWholeVersion(work);
  ({ privatePem } = await writeKey(work, 'release'));
  await writeKey(work, 'other');
  const payload = await readFile(join(whole.folder, 'SHA256SUMS'));
  await signSums(whole.folder, keySigner(parsePrivateKey(privatePem, 'release')), payload);
  files = await filesBelow(whole.folder);
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function run(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: work });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

/** Runs `ingot verify` in the folder of the keys. */
export const ingot = (...args: string[]) => run('verify', ...args);

/** Runs `ingot boot-test` in the folder of the keys. */
export const bootTest = (...args: string[]) => run('boot-test', ...args);

/** Gives the work a copy of the version, OUT/slave/VERSION, with its hard links. */
export async function withCopy<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const out = await mkdtemp(join(work, 'copy-'));
  try {
    await mkdir(join(out, 'slave'));
    execFileSync('cp', ['-a', whole.folder, join(out, 'slave')]);
    return await use(join(out, 'slave', whole.version));
  } finally {
    await rm(out, { recursive: true });
  }
}

/**
 * The output of `ingot verify --json` for a folder; exit status 1 and a text that names the same files if it is
 * refused.
 */
export async function reportOf(folder: string): Promise<VersionReport> {
  const { world, out } = fakeWorld({ cwd: work });
  const done = commandLine(world, ['verify', folder, '--key', 'release.pub.pem', '--json']);
  const error = await done.then(() => undefined).catch(() => rejection(done));
  const { versions } = verifyShape.parse(JSON.parse(out()));
  const [report] = versions as [VersionReport];
  expect(error?.exitCode).toBe(report.problems.length > 0 ? 1 : undefined);
  expect(error?.excerpt.length ?? 0).toBe(report.problems.length);
  return report;
}

/**
 * Lists and signs a folder again, as somebody with the key may do by mistake: the only fault left is that its files do
 * not belong together.
 */
export async function signAnew(folder: string): Promise<void> {
  await rm(join(folder, 'SHA256SUMS.dsse'));
  const { payload } = await writeSums(folder);
  await signSums(folder, keySigner(parsePrivateKey(privatePem, 'release')), payload);
}

/** The faults of a folder, for example "vmlinuz is missing". */
export const problems = async (folder: string): Promise<string[]> =>
  (await reportOf(folder)).problems.map(({ file, why }) => `${file} ${why}`);
