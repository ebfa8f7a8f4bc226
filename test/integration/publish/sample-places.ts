import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ProgressStage } from '../../../src/host/progress-stage.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import type { PublishRequest } from '../../../src/publish/place.ts';
import { sumsText } from '../../../src/version/sums.ts';

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export interface SampleOptions {
  /** Bytes of the root. */
  readonly rootBytes?: number;
  readonly netboot?: boolean;
}

/** A small version of a slave as publishing sees it: all of its files differ from those of another name. */
export async function sampleVersion(
  parent: string,
  name: string,
  { rootBytes = 300_000, netboot = true }: SampleOptions = {},
): Promise<AdmittedVersion> {
  const version = `20261129-${sha256(name).slice(0, 12)}`;
  const folder = join(parent, name, 'slave', version);
  const root = Buffer.alloc(rootBytes, `${name} root `);
  const texts: Record<string, string | Buffer> = {
    'boot.json': `{"version":"${version}"}\n`,
    vmlinuz: `${name} kernel`,
    'root.squashfs': root,
    ...(netboot
      ? {
          'netboot/boot.ipxe': `#!ipxe\necho ${name}\n`,
          'netboot/grub.cfg': `echo ${name}\n`,
          'netboot/vmlinuz': `${name} kernel`,
          'netboot/root.squashfs': `${name} root`,
        }
      : {}),
  };
  const digests = new Map<string, string>();
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    digests.set(path, sha256(text));
  }
  const sums = Buffer.from(sumsText(digests));
  await writeFile(join(folder, 'SHA256SUMS'), sums);
  await writeFile(join(folder, 'SHA256SUMS.dsse'), `signature of ${name}`);
  return {
    ...{ role: 'slave', version, folder, standIns: false, rootHash: sha256(root), signedBy: [] },
    ...{ sums, digests },
  };
}

/** Progress that calls back at every line. */
export function countedProgress(onNote: (line: string) => void = () => undefined): ProgressStage {
  const stage: ProgressStage = {
    stage: (_, work) => work(stage),
    note: onNote,
    begin: () => ({ ...stage, end: () => undefined }),
  };
  return stage;
}

/** A request of `ingot publish`. */
export function requestOf(
  to: string,
  versions: readonly AdmittedVersion[],
  more: Partial<PublishRequest> = {},
): PublishRequest {
  return {
    ...{ to, versions, cwd: '/', env: {}, progress: countedProgress(), signal: new AbortController().signal },
    ...more,
  };
}

/** Reads a file of a place as a web server would give it; undefined if there is none. */
export type Reader = (path: string) => Promise<Buffer | undefined>;

/**
 * Boots as a machine does: reads the pointer once, then everything that it leads to. Fails if these are not the files of
 * one version, all with their digests.
 * @returns the name of the sample version, or "nothing"
 */
export async function bootFrom(read: Reader): Promise<string> {
  const script = (await read('slave.ipxe'))?.toString();
  if (script === undefined) return 'nothing';
  expect(script).toMatch(/^#!ipxe\n/);
  const base = /^set base \$\{base\}\/(slave\/[0-9a-f]{16}\/[0-9a-f-]+)\/netboot$/m.exec(script)?.[1] ?? '';
  const list = (await read(`${base}/SHA256SUMS`))?.toString() ?? '';
  const names = new Set<string>();
  for (const line of list.trim().split('\n')) {
    const [digest, path = ''] = line.split('  ');
    const bytes = await read(`${base}/${path}`);
    expect(bytes && sha256(bytes), path).toBe(digest);
    if (path === 'netboot/boot.ipxe') names.add(/echo (.*)/.exec(String(bytes))?.[1] ?? '');
    if (path === 'netboot/vmlinuz') names.add(String(bytes).replace(' kernel', ''));
  }
  expect([...names]).toHaveLength(1);
  return [...names].join();
}

/**
 * Boots again and again while work is done; every boot gets all of one version.
 * @returns what was booted, in order, without repetitions
 */
export async function bootWhile(read: Reader, work: Promise<unknown>): Promise<string[]> {
  const booted: string[] = [];
  const state = { done: false };
  const ended = work.finally(() => {
    state.done = true;
  });
  do {
    const name = await bootFrom(read);
    if (booted.at(-1) !== name) booted.push(name);
    // A reader of memory never waits, and the work would not go on.
    await setImmediate();
  } while (!state.done);
  await ended;
  return booted;
}
