import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHost } from '../../../../src/host/make-host.ts';
import { makeHashTree } from '../../../../src/seal/verity.ts';
import { signingKey, signVersion, writeBootFiles, type SigningKey } from '../../../samples/signed-version.ts';
import { NodeTree } from '../../../unit/images/node-tree.ts';

const program = fileURLToPath(
  new URL('../../../../images/common/rootfs/usr/bin/ingot-update', import.meta.url),
);
const cutWrites = fileURLToPath(new URL('cut-writes.py', import.meta.url));

export const running = '20261120-aaaaaaaaaaaa';
export const next = '20261124-bbbbbbbbbbbb';

/** GRUB's environment block with these lines. */
export function grubenv(values: Record<string, string>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return `# GRUB Environment Block\n${lines.join('')}`.padEnd(1024, '#');
}

export interface UpdateRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A slave whose slot a runs `running`, as a folder: its boot partition, keys and state. */
export class UpdateNode {
  readonly tree = new NodeTree();

  constructor(key: SigningKey) {
    this.boots(`boot=ingot ingot.slot=a ingot.version=${running} ingot.roothash=${'0a'.repeat(32)}`);
    this.tree.write('/usr/lib/ingot/release.json', JSON.stringify({ role: 'slave' }));
    this.tree.write('/usr/lib/ingot/update-keys/release.pem', key.publicPem);
    this.environment({ ingot_slot: 'a', ingot_try: '', ingot_tried: '' });
    for (const name of ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity'])
      this.tree.write(`/run/ingot/esp/a/${name}`, `${name} that runs`);
    this.tree.write('/run/ingot/esp/a/slot.cfg', `set ingot_version=${running}\n`);
    this.tree.write('/dev/console', '');
    mkdirSync(join(this.tree.folder, 'run/ingot/esp/b'));
  }

  /** The machine was started with this kernel command line. */
  boots(commandLine: string): void {
    this.tree.write('/proc/cmdline', `${commandLine}\n`);
    this.tree.write('/proc/sys/kernel/random/boot_id', `${randomBytes(16).toString('hex')}\n`);
  }

  environment(values: Record<string, string>): void {
    this.tree.write('/run/ingot/esp/grub/grubenv', grubenv(values));
  }

  /** Digest of everything in a slot. */
  slot(name: 'a' | 'b'): Record<string, string> {
    const folder = join(this.tree.folder, 'run/ingot/esp', name);
    const digest = (file: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex');
    return Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((file) => [file, digest(file)]),
    );
  }

  /** What GRUB reads. */
  chosen(): Record<string, string> {
    const block = readFileSync(join(this.tree.folder, 'run/ingot/esp/grub/grubenv'), 'utf8');
    if (block.length !== 1024) throw new Error(`grubenv has ${block.length} bytes`);
    const lines = block.split('\n').filter((line) => line.includes('='));
    return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
  }

  last(): Record<string, unknown> {
    return JSON.parse(this.tree.read('/var/lib/ingot/state/update/last.json')) as Record<string, unknown>;
  }

  /** Runs the program of the node with Debian's Python. */
  update(...args: string[]): Promise<UpdateRun> {
    return this.run([program, `--root=${this.tree.folder}`, ...args]);
  }

  /** The same, ended as by a power cut after so many bytes written; exit code 77 then. */
  updateCutAt(bytes: number, ...args: string[]): Promise<UpdateRun> {
    return this.run([cutWrites, String(bytes), program, `--root=${this.tree.folder}`, ...args]);
  }

  private run(args: string[]): Promise<UpdateRun> {
    const child = spawn('/usr/bin/python3', ['-sEB', ...args]);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (data: Buffer) => (said[name] += data.toString()));
    return new Promise((resolve) => {
      child.on('close', (exitCode) => {
        resolve({ exitCode, ...said });
      });
    });
  }
}

export interface VersionWanted {
  readonly key?: SigningKey;
  readonly version?: string;
  readonly role?: string;
  readonly rootBytes?: number;
}

/** A small version in `folder`, with a real hash tree of a root that is noise, signed. */
export async function makeVersion(folder: string, wanted: VersionWanted = {}): Promise<string> {
  const { key = signingKey(), version = next, role = 'slave', rootBytes = 3 * 4096 } = wanted;
  mkdirSync(folder, { recursive: true });
  const root = randomBytes(rootBytes);
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('root.squashfs'), root);
  writeFileSync(file('vmlinuz'), randomBytes(700));
  writeFileSync(file('initrd.img'), randomBytes(900));
  writeFileSync(file('manifest.json'), '{}\n');
  const digest = createHash('sha256').update(root).digest('hex');
  const rootHash = await makeHashTree(makeHost(), file('root.squashfs'), digest, file('root.verity'));
  writeBootFiles(folder, { version, role, rootHash, rootBytes, kernelArguments: ['console=ttyS0'] });
  signVersion(folder, key);
  return folder;
}

/** The digests of what a slot holds of a version. */
export function inSlot(folder: string): Record<string, string> {
  const names = [
    ...['SHA256SUMS', 'SHA256SUMS.dsse'],
    ...['boot.json', 'initrd.img', 'root.squashfs', 'root.verity', 'slot.cfg', 'vmlinuz'],
  ];
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}
