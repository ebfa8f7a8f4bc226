import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSquashfs } from '../../../../src/bake/seal/squashfs.ts';
import { writeManifest } from '../../../../src/bake/seal/write-manifest.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sha256File } from '../../../../src/host/sha256-file.ts';
import { makeHashTree } from '../../../../src/version/verity.ts';
import { cpioArchive, type CpioFile } from '../../../samples/cpio.ts';

export const host = makeHost();
export const epoch = Date.UTC(2025, 10, 22) / 1000;

export interface Planted {
  /** Shell script that runs in the tree of the root before it is sealed. */
  readonly script?: string;
  readonly initrd?: readonly CpioFile[];
  /** Compression of the initrd. */
  readonly level?: number;
  /** Shell script that runs next to the raw disk `disk.raw` before it is converted. */
  readonly disk?: string;
  readonly guestChanged?: readonly string[];
  /** Default: slave. */
  readonly role?: 'master' | 'slave';
}

const plainInitrd: readonly CpioFile[] = [
  { path: '.', mode: 0o040755 },
  { path: 'init', mode: 0o100755, content: '#!/bin/sh\nexec run-init\n' },
  { path: 'sbin', mode: 0o120777, content: 'usr/sbin' },
];

/** Makes a small version of a role as described in docs/store.md, with one file of each kind; returns its folder. */
export async function makeVersion(folder: string, name: string, planted: Planted = {}): Promise<string> {
  const version = join(folder, name);
  const tree = join(folder, `${name}.tree`);
  const sh = (script: string) => host.run('sh', ['-euc', `umask 022; ${script}`], { cwd: tree });
  await host.run('mkdir', ['-p', version, tree]);
  await sh(`mkdir -p etc usr/bin usr/lib/x var/lib/dpkg/info opt; chmod 755 .
    printf 'one\\ntwo\\nthree\\n' > etc/tool.conf; printf '%s\\n' /etc /etc/tool.conf > var/lib/dpkg/info/tool.list
    head -c 2000000 /dev/zero > usr/lib/x/large; printf '%s\\n' /lib/x /lib/x/large > var/lib/dpkg/info/libx:amd64.list
    echo ping > usr/bin/ping; setcap cap_net_raw+ep usr/bin/ping; ln -s ping usr/bin/link; ln usr/bin/ping usr/bin/same
    echo a > 'opt/b[1]* \\x'; echo b > opt/Főta; mkdir -p opt/a-b opt/a; echo c > opt/a/c; mknod opt/null c 1 3
    ${planted.script ?? ':'}
    find . -newermt @${epoch} -exec touch --no-dereference -d @${epoch} {} +`);

  await writeFile(join(version, 'vmlinuz'), 'kernel');
  const archive = join(folder, `${name}.cpio`);
  await writeFile(archive, cpioArchive(planted.initrd ?? plainInitrd));
  const initrd = join(version, 'initrd.img');
  await host.run('zstd', ['-q', `-${planted.level ?? 3}`, '-o', initrd, archive]);
  const squashfs = join(version, 'root.squashfs');
  await makeSquashfs(host, tree, squashfs, { epoch, level: 3 });
  const boot = async (file: string) => {
    const path = join(version, file);
    return { name: file, size: (await readFile(path)).length, sha256: await sha256File(path) };
  };
  const head = {
    role: planted.role ?? 'slave',
    epoch,
    compressionLevel: 3,
    boot: { kernel: await boot('vmlinuz'), initrd: await boot('initrd.img') },
  };
  await writeManifest(host, tree, { head, file: join(version, 'manifest.json') });
  await makeHashTree(host, {
    ...{ data: squashfs, dataSha256: await sha256File(squashfs) },
    hashTree: join(version, 'root.verity'),
  });
  const changes = (planted.guestChanged ?? ['/opt/a/c']).map((path) => ({ path, change: 'changed' }));
  await writeFile(join(version, 'changes.json'), JSON.stringify(changes));

  await sh(`cd ${version}; truncate -s 4M disk.raw; sha256sum manifest.json | dd of=disk.raw bs=1M seek=2 conv=notrunc status=none
    sgdisk --clear --disk-guid=4b0c22d8-6d5c-4f9d-9d42-5f0f7a8e0001 --new=1:2048:4095 --change-name=1:ingot-boot \\
      --partition-guid=1:4b0c22d8-6d5c-4f9d-9d42-5f0f7a8e0002 --new=2:4096:6143 --change-name=2:ingot-data \\
      --partition-guid=2:4b0c22d8-6d5c-4f9d-9d42-5f0f7a8e0003 disk.raw > ${folder}/${name}.sgdisk
    ${planted.disk ?? ':'}
    qemu-img convert -f raw -O qcow2 disk.raw disk.qcow2; rm disk.raw`);
  return version;
}
