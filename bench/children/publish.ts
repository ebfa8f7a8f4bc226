import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeHost } from '../../src/host/make-host.ts';
import type { ProgressStage } from '../../src/host/progress-stage.ts';
import { publishToRegistry } from '../../src/publish/oci/publish-registry.ts';
import { requireBootRecord } from '../../src/version/read-boot-record.ts';
import { parseSums } from '../../src/version/sums.ts';

// A separate process, so that only the time and memory of publishing are measured. Arguments: version folder, address.
const [folder, to] = process.argv.slice(2);
if (folder === undefined || to === undefined) throw new Error('publish.ts FOLDER ADDRESS');
const silent: ProgressStage = {
  stage: (_, work) => work(silent),
  note: () => undefined,
  begin: () => ({ ...silent, end: () => undefined }),
};
const sums = await readFile(join(folder, 'SHA256SUMS'));
const { role, version, rootHash } = await requireBootRecord(folder);
const digests = parseSums(sums.toString()) ?? new Map<string, string>();
const { sentBytes } = await publishToRegistry(makeHost(), {
  ...{ to, cwd: '/', env: process.env, progress: silent, signal: new AbortController().signal },
  versions: [{ role, version, folder, standIns: false, rootHash, signedBy: [], sums, digests }],
});
process.stdout.write(`${sentBytes} bytes\n`);
