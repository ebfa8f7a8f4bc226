import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressStage } from '../../../src/host/progress-stage.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import type { PublishRequest } from '../../../src/publish/place.ts';
import { bootRecordText } from '../../../src/version/boot-record.ts';
import { sumsText } from '../../../src/version/sums.ts';

/** Shows nothing. */
export const silent: ProgressStage = {
  stage: (_, work) => work(silent),
  note: () => undefined,
  begin: () => ({ ...silent, end: () => undefined }),
};

export const smallVersionName = '20261129-3a53b04ef46e';

/** A version with few, small files, as an admission returns it: what a registry sees of a version. */
export async function smallVersion(
  parent: string,
  more: Record<string, Buffer> = {},
): Promise<AdmittedVersion> {
  const version = smallVersionName;
  const folder = join(parent, 'master', version);
  await mkdir(folder, { recursive: true });
  const rootHash = 'ab'.repeat(32);
  const files: Record<string, string | Buffer> = {
    'boot.json': bootRecordText({
      ...{ schema: 2, role: 'master', version, rootHash, rootBytes: 1, kernelArguments: [], memoryMiB: 1 },
      ...{ cluster: 'demo', date: '2026-11-29T00:00:00Z', production: true },
      ...{ architecture: 'amd64', layout: 'mesosphere' },
    }),
    'root.squashfs': Buffer.alloc(5000, 'squashfs '),
    'sbom.cdx.json': '{}\n',
    ...more,
  };
  const digests = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    await writeFile(join(folder, path), content);
    digests.set(path, createHash('sha256').update(content).digest('hex'));
  }
  const sums = Buffer.from(sumsText(digests));
  await writeFile(join(folder, 'SHA256SUMS'), sums);
  return { role: 'master', version, folder, standIns: false, rootHash, signedBy: [], sums, digests };
}

/** A request to publish versions. */
export const requestOf = (
  to: string,
  env: Readonly<Record<string, string>>,
  ...versions: readonly AdmittedVersion[]
): PublishRequest => ({
  ...{ to, versions, env, cwd: '/', progress: silent },
  signal: new AbortController().signal,
});
