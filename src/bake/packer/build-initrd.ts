import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { cpioArchive, type InitrdEntry } from './cpio.ts';
import { moduleOrder } from './module-order.ts';

/** The hardware of a build guest: disks and network over virtio, Packer's CD on the IDE bus of the machine "pc". */
const wantedModules = [
  ...['virtio_pci', 'virtio_blk', 'virtio_net'],
  ...['squashfs', 'overlay'],
  ...['isofs', 'sr_mod', 'ata_piix'],
];
const busybox = 'usr/bin/busybox';
const loader = 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';
/** The libraries that Debian's busybox is linked with. */
const libraries = ['libc.so.6', 'libresolv.so.2'].map((name) => `usr/lib/x86_64-linux-gnu/${name}`);
const modules = 'usr/lib/modules';

export interface BuildInitrd {
  /** Absolute path of the squashfs that the guest boots; programs and modules are extracted from it. */
  readonly disk: string;
  /** Text of the initrd's /init. */
  readonly init: string;
  /** Absolute; created and removed here. */
  readonly workFolder: string;
  /** Absolute path of the output. */
  readonly outFile: string;
  readonly signal?: AbortSignal;
}

/**
 * Builds the initrd of a build guest from its build disk: busybox, the few modules that such a guest needs, and its
 * init. It has 6 MB, compared with the 55 MB that nodes unpack to support any machine.
 * @throws IngotError wrong-spec when the disk has no busybox or no kernel modules
 */
export async function buildInitrd(host: Host, wanted: BuildInitrd): Promise<void> {
  const { workFolder } = wanted;
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder, { recursive: true });
  const take = async (paths: readonly string[]): Promise<void> => {
    await host.run('unsquashfs', ['-no-progress', '-force', '-dest', workFolder, wanted.disk, ...paths], {
      discardOutput: true,
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    });
  };
  const read = (path: string): Promise<Buffer> =>
    readFile(join(workFolder, path)).catch((cause: unknown) => {
      throw missing(path, cause);
    });
  try {
    await take([busybox, loader, ...libraries, `${modules}/*/modules.dep`]);
    const [version] = await readdir(join(workFolder, modules)).catch(() => []);
    if (version === undefined) throw missing(`${modules}/*/modules.dep`);
    const dependencies = await read(`${modules}/${version}/modules.dep`);
    const order = moduleOrder(dependencies.toString(), wantedModules);
    if (order.length > 0) await take(order.map((path) => `${modules}/${version}/${path}`));
    const file = async (path: string, from: string): Promise<InitrdEntry> => ({
      path,
      content: await read(from),
    });
    const names = order.map((path) => `${basename(path)}\n`).join('');
    const entries = [
      ...['bin', 'dev', 'lib64', 'lib', 'lib/x86_64-linux-gnu', 'modules', 'proc', 'run', 'sys'].map(
        (path) => ({
          path,
        }),
      ),
      { path: 'init', content: Buffer.from(wanted.init) },
      await file('bin/busybox', busybox),
      await file('bin/sh', busybox),
      await file('lib64/ld-linux-x86-64.so.2', loader),
      ...(await Promise.all(libraries.map((path) => file(path.replace('usr/', ''), path)))),
      ...(await Promise.all(
        order.map((path) => file(`modules/${basename(path)}`, `${modules}/${version}/${path}`)),
      )),
      { path: 'modules/order', content: Buffer.from(names) },
    ];
    await writeFile(wanted.outFile, cpioArchive(entries));
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

function missing(path: string, cause?: unknown): IngotError {
  return new IngotError({
    code: 'wrong-spec',
    message: `the composed tree has no ${path}, without which its build guest cannot boot`,
    hint: 'check base.kernel of the spec, and the packages busybox and libc6 of images/common/image.yaml',
    ...(cause === undefined ? {} : { cause }),
  });
}
