import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHost } from '../../../../src/host/make-host.ts';
import { makeHashTree } from '../../../../src/version/verity.ts';
import { type SigningKey, signingKey, signVersion, writeBootFiles } from '../../../samples/signed-version.ts';
import { nodePrograms } from '../../../unit/images/node-programs.ts';
import { NodeTree } from '../../../unit/images/node-tree.ts';

const program = join(nodePrograms('common'), 'usr/bin/ingot-update');
const cutWrites = fileURLToPath(new URL('cut-writes.py', import.meta.url));

export const running = '20261120-aaaaaaaaaaaa';
export const next = '20261124-bbbbbbbbbbbb';
/** Dates of their locks. */
export const runningDate = '2026-11-20T10:00:00Z';
export const nextDate = '2026-11-24T10:00:00Z';

/** A GRUB environment block with these values. */
export function grubenv(values: Record<string, string>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return `# GRUB Environment Block\n${lines.join('')}`.padEnd(1024, '#');
}

export interface UpdateRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A slave whose slot a runs `running`, as a folder with its boot partition, keys and state. */
export class UpdateNode {
  readonly tree = new NodeTree();

  constructor(key: SigningKey) {
    this.boots(`boot=ingot ingot.slot=a ingot.version=${running} ingot.roothash=${'0a'.repeat(32)}`);
    this.release({});
    this.tree.write('/etc/ingot/cluster.json', JSON.stringify({ version: 1, cluster: 'demo' }));
    this.tree.write('/usr/lib/ingot/update-keys/release.pem', key.publicPem);
    this.environment({ ingot_slot: 'a', ingot_try: '', ingot_tried: '' });
    for (const name of ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity'])
      this.tree.write(`/run/ingot/esp/a/${name}`, `${name} that runs`);
    this.tree.write('/run/ingot/esp/a/slot.cfg', `set ingot_version=${running}\n`);
    this.tree.write('/dev/console', '');
    mkdirSync(join(this.tree.folder, 'run/ingot/esp/b'));
  }

  /** Sets the release.json of its root. */
  release(other: Readonly<Record<string, unknown>>): void {
    const facts = { role: 'slave', layout: 'mesosphere', architecture: 'amd64', date: runningDate };
    this.tree.write('/usr/lib/ingot/release.json', JSON.stringify({ ...facts, production: false, ...other }));
  }

  /** Sets the kernel command line, as after a start. */
  boots(commandLine: string): void {
    this.tree.write('/proc/cmdline', `${commandLine}\n`);
    this.tree.write('/proc/sys/kernel/random/boot_id', `${randomBytes(16).toString('hex')}\n`);
  }

  environment(values: Record<string, string>): void {
    this.tree.write('/run/ingot/esp/grub/grubenv', grubenv(values));
  }

  /** The digests of all files in a slot. */
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

  /** The values that GRUB reads. */
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

  /** The same, ended like a power failure after this number of written bytes; the exit code is then 77. */
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
  /** Replaces values of the origin in boot.json; null: a boot.json without an origin. */
  readonly origin?: Readonly<Record<string, unknown>> | null;
  /** When it was published. */
  readonly published?: string;
}

/**
 * Creates a small signed version in `parent`/VERSION, with a random root and its real hash tree; returns its folder.
 */
export async function makeVersion(parent: string, wanted: VersionWanted = {}): Promise<string> {
  const { key = signingKey(), version = next, role = 'slave', rootBytes = 3 * 4096 } = wanted;
  const folder = join(parent, version);
  mkdirSync(folder, { recursive: true });
  const root = randomBytes(rootBytes);
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('root.squashfs'), root);
  writeFileSync(file('vmlinuz'), randomBytes(700));
  writeFileSync(file('initrd.img'), randomBytes(900));
  writeFileSync(file('manifest.json'), '{}\n');
  const digest = createHash('sha256').update(root).digest('hex');
  const rootHash = await makeHashTree(makeHost(), {
    ...{ data: file('root.squashfs'), dataSha256: digest },
    hashTree: file('root.verity'),
  });
  const usual = { cluster: 'demo', date: nextDate, production: false, architecture: 'amd64' };
  const origin = wanted.origin === null ? undefined : { ...usual, layout: 'mesosphere', ...wanted.origin };
  const facts = { version, role, rootHash, rootBytes, kernelArguments: ['console=ttyS0'] };
  writeBootFiles(folder, { ...facts, ...(origin === undefined ? {} : { origin }) });
  const { published = '2026-11-24T12:00:00Z' } = wanted;
  writeFileSync(file('checks.json'), JSON.stringify({ schema: 1, version, published, secondsToSsh: 41.5 }));
  signVersion(folder, key);
  return folder;
}

/** The digests of the files of a version that a slot holds. */
export function inSlot(folder: string): Record<string, string> {
  const names = [
    ...['SHA256SUMS', 'SHA256SUMS.dsse'],
    'boot.json',
    'checks.json',
    'initrd.img',
    'root.squashfs',
    'root.verity',
    'slot.cfg',
    'vmlinuz',
  ];
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}
