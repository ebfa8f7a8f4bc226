import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { netboot } from '../../../src/inputs/targets/netboot.ts';
import { qcow2 } from '../../../src/inputs/targets/qcow2.ts';
import { bootRecordText } from '../../../src/version/boot-record.ts';
import { writeChecksRecord } from '../../../src/version/checks-record.ts';
import { newKeyPair } from '../../../src/version/keys.ts';
import { dateText } from '../../../src/version/manifest.ts';
import { recordFiles } from '../../../src/version/record-files.ts';
import { bomName } from '../../../src/version/sbom/bom.ts';
import { linkSharedFiles } from '../../../src/version/shared-files.ts';
import { makeHashTree } from '../../../src/version/verity.ts';
import { versionOf } from '../../../src/version/version-name.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { epoch, host, makeVersion, type Planted } from '../diff/compare/sample-versions.ts';

/**
 * A small version of a slave with everything that a bake leaves except a signature; a real root with a real hash tree.
 */
export interface WholeVersion {
  /** Absolute: OUT/slave/VERSION. */
  readonly folder: string;
  readonly version: string;
  readonly rootHash: string;
}

/** Makes such a version below a folder. */
export async function makeWholeVersion(
  parent: string,
  out = join(parent, 'out'),
  planted: Planted = {},
): Promise<WholeVersion> {
  const { role = 'slave' } = planted;
  const made = await makeVersion(parent, 'made', planted);
  const version = versionOf(epoch, await sha256File(join(made, 'manifest.json')));
  const squashfs = join(made, 'root.squashfs');
  // The same tree for the same data.
  const rootHash = await makeHashTree(host, {
    ...{ data: squashfs, dataSha256: await sha256File(squashfs) },
    hashTree: join(made, 'root.verity'),
  });
  const kernelArguments = [`ingot.version=${version}`, 'panic=30'];
  const rootBytes = (await stat(squashfs)).size;
  const boot = { schema: 2, role, version, rootHash, rootBytes, kernelArguments } as const;
  const origin = { cluster: 'demo', date: dateText(epoch), production: false } as const;
  const place = { architecture: 'amd64', layout: 'mesosphere', memoryMiB: 1024 };
  await writeFile(join(made, 'boot.json'), bootRecordText({ ...boot, ...origin, ...place }));
  const words = [`ingot.roothash=${rootHash}`, ...kernelArguments].join(' ');
  const slot = [`set ingot_title=ingot-${role}-${version}`, `set ingot_version=${version}`];
  await writeFile(join(made, 'slot.cfg'), `${slot.join('\n')}\nset ingot_arguments='${words}'\n`);
  await linkSharedFiles(made, [qcow2, netboot]);
  await writeFile(join(made, 'netboot', 'boot.ipxe'), `#!ipxe\nkernel vmlinuz ${words}\n`);
  await writeChecksRecord(made, {
    schema: 1,
    ...{
      role,
      version,
      cluster: 'demo',
      published: dateText(epoch),
      firmware: 'bios',
      accelerator: 'tcg',
      secondsToSsh: 41.5,
    },
    guest: { cpus: 2, memoryMiB: 2048 },
    checks: [{ name: 'it runs', run: 'true', within: 10, saw: '', seconds: 0.1 }],
  });
  // Their contents are tested elsewhere; here they are two files of a version.
  await writeFile(join(made, bomName), '{}\n');
  const predicateType = 'https://slsa.dev/provenance/v1';
  await writeFile(
    join(made, recordFiles.provenance),
    `${JSON.stringify({ predicateType, predicate: {} })}\n`,
  );
  const folder = join(out, role, version);
  await mkdir(join(out, role), { recursive: true });
  await rename(made, folder);
  await writeSums(folder);
  return { folder, version, rootHash };
}

/** Writes a new key as NAME.pem and NAME.pub.pem into a folder. */
export async function writeKey(folder: string, name: string): Promise<{ privatePem: string }> {
  const { privatePem, publicPem } = newKeyPair();
  await writeFile(join(folder, `${name}.pem`), privatePem);
  await writeFile(join(folder, `${name}.pub.pem`), publicPem);
  return { privatePem };
}
