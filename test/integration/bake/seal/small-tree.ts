import { join } from 'node:path';
import { type GoldenRoot, seal, type SealOptions } from '../../../../src/bake/seal/seal.ts';
import { makeHost } from '../../../../src/host/make-host.ts';

export const host = makeHost();
export const epoch = Date.UTC(2025, 10, 22) / 1000;
export const residueFile = new URL('../../../../images/residue.yaml', import.meta.url).pathname;

/** A small tree with one file of each kind, in `folder`/`name`; `script` runs in it, and makes what a test is about. */
export async function smallTree(folder: string, name: string, script = ':'): Promise<string> {
  const make = `mkdir -p ${name}; cd ${name}
    mkdir -p a/c boot dev etc/ssh root tmp var/log/zookeeper var/log/journal usr/bin usr/lib/ingot
    echo kernel > boot/vmlinuz-6.1; echo initrd > boot/initrd.img-6.1; ln -s boot/vmlinuz-6.1 vmlinuz
    printf 'root:*:20500:0:99999:7:::\\n' > etc/shadow; chmod 640 etc/shadow
    echo tool > usr/bin/tool; ln usr/bin/tool usr/bin/same; chmod 4755 usr/bin/tool; touch -d @1000000000 usr/bin/tool
    echo ping > usr/bin/ping; setcap cap_net_raw+ep usr/bin/ping; ln -s tool usr/bin/link
    printf '/usr/bin/%s\\n' tool same 'ping\topens raw sockets' > usr/lib/ingot/setuid-allowed
    echo 1 > a-b; echo 2 > a/c/d; echo é > "Főta nú"; mknod dev/null c 1 3; head -c 300000 /dev/zero > a/zeros
    ${script}`;
  await host.run('sh', ['-euc', make], { cwd: folder });
  return join(folder, name);
}

/** Seals a tree into the folder `out` (absolute). */
export function sealSmallTree(
  tree: string,
  out: string,
  options: Partial<SealOptions> = {},
): Promise<GoldenRoot> {
  const fixed = { role: 'master', tree, epoch, outFolder: out, residueFile, compressionLevel: 3 } as const;
  return seal(host, { ...fixed, ...options }, () => undefined);
}
