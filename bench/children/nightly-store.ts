import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bakeStagesOf } from '../../src/bake/bake-stages-of.ts';
import { writeStageRecord } from '../../src/bake/records/stage-record.ts';
import { addPointer } from '../../src/channel/promote-to-channel.ts';
import { memoryFolder } from '../../src/cli/shared/channel-reader.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { epochOf } from '../../src/inputs/lock/lock.ts';
import { readPlan } from '../../src/inputs/read-plan.ts';
import { allRoles } from '../../src/inputs/roles.ts';
import { latestName } from '../../src/store/latest-version.ts';
import { parsePrivateKey } from '../../src/version/keys.ts';
import { keySigner } from '../../src/version/signer.ts';

// Makes a store in which both roles were published from what a spec and its lock are now, with a small file in the place
// of each disk, and a channel that points to them. Arguments: spec, store, cache, file of a private key.
const [spec, out, cache, keyFile] = process.argv.slice(2);
if (spec === undefined || out === undefined || cache === undefined || keyFile === undefined)
  throw new Error('nightly-store.ts SPEC STORE CACHE KEY');
const version = '20261122-0123456789ab';
const day = 86_400_000;
const host = makeHost();

const { plan, lock } = await readPlan(host, spec, { remember: cache });
if (lock === undefined) throw new Error('there is no lock');
const stages = await bakeStagesOf({ plan: { ...plan, epoch: epochOf(lock) }, lock, roles: allRoles, out });
await rm(out, { recursive: true, force: true });
for (const role of allRoles) {
  await mkdir(join(out, role, version), { recursive: true });
  await writeFile(join(out, role, version, 'disk.qcow2'), 'a disk');
  await symlink(version, join(out, role, latestName));
  await writeStageRecord(out, { role, version, names: ['disk.qcow2'] }, stages);
}
const signer = keySigner(parsePrivateKey(await readFile(keyFile, 'utf8'), keyFile));
const memory = memoryFolder({ cwd: dirname(out), env: process.env });
const now = Date.now();
await addPointer({ host, out, memory, keys: [signer.publicKey] }, signer, {
  ...{ schema: 1, channel: 'candidate', counter: 1, cluster: plan.cluster, revocations: 0, allowed: [] },
  issuedOn: new Date(now).toISOString(),
  expiresOn: new Date(now + 30 * day).toISOString(),
  versions: Object.fromEntries(allRoles.map((role) => [role, { version, rootHash: 'a'.repeat(64) }])),
});
