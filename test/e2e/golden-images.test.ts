import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyShape } from '../../src/cli/shapes/test-shapes.ts';
import { filesBelow } from '../../src/host/files-below.ts';
import { sha256File } from '../../src/host/sha256-file.ts';
import { packagesOf } from '../../src/inputs/lock/lock.ts';
import { parseLock } from '../../src/inputs/lock/lock-file.ts';
import type { VersionReport } from '../../src/version/verify-version.ts';
import { bomFaults } from '../samples/bom-schema.ts';
import { provenanceSchema } from '../samples/provenance-schema.ts';
import { bakeOnce, cacheFolder, lockFile, signingKeyFile, specFile, storeFolder } from './baked-store.ts';
import { bootUntil } from './boot-until.ts';
import { type Ended, processesNaming, project, startIngot } from './ingot-process.ts';

interface ManifestEntry {
  readonly path: string;
  readonly type: string;
  readonly sha256?: string;
}

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly object[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

const roles = ['master', 'slave'] as const;
mkdirSync(join(project, '.make'), { recursive: true });
const folder = mkdtempSync(join(project, '.make', 'e2e-golden-'));
const out = storeFolder;
const version = (role: string): string => join(out, role, readlinkSync(join(out, role, 'latest')));
const run = (program: string, args: readonly string[]): Buffer =>
  execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** Extracts a file from the boot partition of a disk. */
function fromBootPartition(role: string, name: string): string {
  const raw = join(folder, `${role}.raw`);
  if (!existsSync(raw)) run('qemu-img', ['convert', '-O', 'raw', join(version(role), 'disk.qcow2'), raw]);
  const table = run('sgdisk', ['--info=2', raw]).toString();
  const first = Number(/First sector: (\d+)/.exec(table)?.[1]);
  const target = join(folder, `${role}-${name.replaceAll('/', '-')}`);
  run('mcopy', ['-n', '-o', '-i', `${raw}@@${first * 512}`, `::/${name}`, target]);
  return target;
}

describe('ingot bake', () => {
  let bake: Ended;
  beforeAll(async () => {
    bake = await bakeOnce();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes two golden images with one command, each boot-tested', () => {
    expect(bake.exitCode, bake.stderr).toBe(0);
    expect(bake.stdout.split('\n')).toEqual(roles.map(version));
    for (const role of roles) {
      const files = readdirSync(version(role));
      for (const file of [
        'disk.qcow2',
        'root.squashfs',
        'root.verity',
        'vmlinuz',
        'initrd.img',
        'manifest.json',
        'audit.json',
        'slot.cfg',
        'boot.json',
        'sbom.cdx.json',
        'sbom.spdx.json',
        'vex.openvex.json',
        'provenance.json',
        'checks.json',
        'SHA256SUMS',
        'SHA256SUMS.dsse',
      ]) {
        expect(files).toContain(file);
      }
    }
    expect(bake.stderr).toMatch(/booted by UEFI, ssh after [\d.]+ s, \d+ checks passed/);
    expect(bake.stderr).toMatch(/booted by BIOS, ssh after [\d.]+ s, \d+ checks passed/);
  });

  it('reports that stand-ins are not for production', () => {
    expect(bake.stderr).toMatch(/NOT FOR PRODUCTION +holds stand-ins: marathon .*standin.*, mesos .*standin/);
  });

  it('needs little memory itself, whatever the size of the images', () => {
    expect(Number(/peak memory +(\d+) MiB/.exec(bake.stderr)?.[1])).toBeLessThanOrEqual(250);
  });

  it('leaves no process, no tree and no key, only the logs of the run', () => {
    expect(processesNaming(out)).toEqual([]);
    const [name = ''] = readdirSync(join(out, 'runs')).filter((one) => !one.startsWith('accelerator'));
    expect(readdirSync(join(out, 'runs', name))).toEqual(['logs']);
    const logs = readdirSync(join(out, 'runs', name, 'logs'));
    for (const file of [
      'events.ndjson',
      'packer.log',
      'console-master.log',
      'console-verify-slave.log',
      'report.json',
    ]) {
      expect(logs).toContain(file);
    }
    for (const file of logs.filter((one) => one.includes('.'))) {
      expect(readFileSync(join(out, 'runs', name, 'logs', file), 'utf8')).not.toContain('PRIVATE KEY');
    }
  });

  it('writes the text of the signing key to no log, no image and no cache', () => {
    const [, secret = ''] = readFileSync(signingKeyFile, 'utf8').split('\n');
    expect(secret.length).toBeGreaterThan(40);
    const found = spawnSync('grep', ['-rlF', '--', secret, out, cacheFolder]);
    expect({ status: found.status, stdout: found.stdout.toString() }).toEqual({ status: 1, stdout: '' });
    expect(bake.stdout + bake.stderr).not.toContain(secret);
  });

  const publicKey = signingKeyFile.replace(/\.pem$/, '.pub.pem');
  const verify = (...args: string[]) => startIngot(['verify', ...args, '--key', publicKey]).ended;

  it('signs both, and ingot verify confirms that their files are the baked ones', async () => {
    const { exitCode, stdout, stderr } = await verify(...roles.map(version));
    expect(exitCode, stderr).toBe(0);
    for (const role of roles) {
      expect(stdout).toContain(`: ${role} ${basename(version(role))}, as it was signed\n`);
      const checks = readFileSync(join(version(role), 'checks.json'), 'utf8');
      expect(JSON.parse(checks)).toMatchObject({ role, firmware: role === 'master' ? 'uefi' : 'bios' });
    }
  });

  it('is refused after a file was altered, removed or added, and the file is named', async () => {
    const copy = join(folder, 'copy', basename(version('slave')));
    mkdirSync(join(folder, 'copy'));
    run('cp', ['-a', '--reflink=auto', version('slave'), copy]);
    const disk = openSync(join(copy, 'disk.qcow2'), 'r+');
    writeSync(disk, 'x', 1_000_000);
    closeSync(disk);
    rmSync(join(copy, 'changes.json'));
    mkdirSync(join(copy, 'etc'));
    writeFileSync(join(copy, 'etc', 'extra'), '');
    const refused = await startIngot(['verify', copy, '--key', publicKey, '--json']).ended;
    rmSync(copy, { recursive: true });
    expect(refused.exitCode).toBe(1);
    const [report] = verifyShape.parse(JSON.parse(refused.stdout)).versions as [VersionReport];
    const named = report.problems.map(({ file }) => file).sort();
    expect(named).toEqual(['changes.json', 'disk.qcow2', 'etc/extra']);
    for (const file of named) expect(refused.stderr).toContain(`  ${file} `);
  });

  it('gets the signature of another key from a bake that has nothing else to do', async () => {
    const second = join(folder, 'second');
    expect((await startIngot(['keygen', second]).ended).exitCode).toBe(0);
    const keys = ['--sign', `${second}.pem`, '--seed-key', signingKeyFile];
    const args = ['--out', out, '--cache', cacheFolder, ...keys];
    const { exitCode, stderr } = await startIngot(['bake', specFile, ...args]).ended;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('nothing to do');
    for (const key of [publicKey, `${second}.pub.pem`])
      expect((await startIngot(['verify', version('master'), '--key', key]).ended).exitCode).toBe(0);
  });

  it.each(roles)(
    'puts the root of the %s onto its disk, byte for byte, under the root hash that its boot menu names',
    async (role) => {
      const root = join(version(role), 'root.squashfs');
      expect(await sha256File(fromBootPartition(role, 'a/root.squashfs'))).toBe(await sha256File(root));
      const rootHash = /ingot\.roothash=([0-9a-f]{64})/.exec(
        readFileSync(fromBootPartition(role, 'a/slot.cfg'), 'utf8'),
      )?.[1];
      run('veritysetup', ['verify', root, join(version(role), 'root.verity'), rootHash ?? 'none']);
      expect(bake.stderr).toContain(rootHash);
    },
  );

  it.each(roles)('lists every path of the %s in its manifest, with the digest of its content', (role) => {
    const root = join(version(role), 'root.squashfs');
    const manifest = JSON.parse(readFileSync(join(version(role), 'manifest.json'), 'utf8')) as {
      entries: ManifestEntry[];
    };
    const listed = run('unsquashfs', ['-l', '-d', '', root]).toString().trimEnd().split('\n');
    expect(manifest.entries).toHaveLength(listed.length);
    const files = manifest.entries.filter((entry) => entry.type === 'file' && !entry.path.includes("'"));
    for (const entry of files.filter((_, index) => index % 400 === 0)) {
      const content = run('unsquashfs', [
        '-cat',
        root,
        entry.path.replace(/^\//, '').replace(/[[\]*?\\]/g, '\\$&'),
      ]);
      expect(createHash('sha256').update(content).digest('hex'), entry.path).toBe(entry.sha256);
    }
  });

  it.each(roles)(
    'lists every package of the %s in its bill of materials, with purl, licence and the digest of its .deb',
    async (role) => {
      const text = readFileSync(join(version(role), 'sbom.cdx.json'), 'utf8');
      expect(await bomFaults(text)).toBeNull();
      const root = join(version(role), 'root.squashfs');
      const status = run('unsquashfs', ['-cat', root, 'var/lib/dpkg/status']).toString();
      const installed = status
        .split('\n\n')
        .filter((stanza) => stanza.includes('\nStatus: install ok installed\n'))
        .map((stanza) => `${/^Package: (.*)/.exec(stanza)?.[1]} ${/^Version: (.*)/m.exec(stanza)?.[1]}`);
      const bom = JSON.parse(text) as {
        components: Component[];
        metadata: { component: { version: string; hashes: Component['hashes'] } };
      };
      const packages = bom.components.filter(({ type }) => type === 'library');
      expect(packages.map((one) => `${one.name} ${one.version}`).sort()).toEqual(installed.sort());
      const debs = new Set(
        packagesOf(parseLock(readFileSync(lockFile, 'utf8'), 'the lock')).map(({ sha256 }) => sha256),
      );
      for (const { name, purl, licenses, hashes } of packages) {
        expect(purl).toMatch(
          /^pkg:deb\/(debian|local)\/[^?]+@[^?]+\?arch=(all|amd64)(&distro=debian-12)?(&upstream=\S+)?$/,
        );
        expect(licenses.length, name).toBeGreaterThan(0);
        expect(debs, name).toContain(hashes[0]?.content);
      }
      const image = bom.metadata.component;
      expect(image.version).toBe(readlinkSync(join(out, role, 'latest')));
      expect(image.hashes).toEqual([{ alg: 'SHA-256', content: await sha256File(root) }]);
    },
  );

  it.each(roles)(
    'records in the provenance of the %s what each of its files is and from which spec, and nothing about this host',
    async (role) => {
      const text = readFileSync(join(version(role), 'provenance.json'), 'utf8');
      const { subject, predicate } = provenanceSchema.parse(JSON.parse(text));
      const after = ['provenance.json', 'SHA256SUMS', 'SHA256SUMS.dsse'];
      const files = (await filesBelow(version(role))).filter((path) => !after.includes(path));
      expect(subject.map(({ name }) => name)).toEqual(files);
      for (const { name, digest } of subject)
        expect(digest.sha256, name).toBe(await sha256File(join(version(role), name)));
      const { spec, lock } = predicate.buildDefinition.externalParameters;
      expect(spec.digest.sha256).toBe(await sha256File(specFile));
      expect(lock.digest.sha256).toBe(await sha256File(lockFile));
      for (const part of [out, project, `"${hostname()}"`]) expect(text).not.toContain(part);
    },
  );

  it('refuses to boot an altered root, and the console shows why', async () => {
    const disk = join(folder, 'altered.qcow2');
    run('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      '-b',
      join(version('slave'), 'disk.qcow2'),
      disk,
    ]);
    const table = run('sgdisk', ['--info=2', join(folder, 'slave.raw')]).toString();
    const partition = Number(/First sector: (\d+)/.exec(table)?.[1]) * 512;
    const raw = readFileSync(join(folder, 'slave.raw'));
    const superblock = readFileSync(join(version('slave'), 'root.squashfs')).subarray(0, 96);
    const at = raw.indexOf(superblock, partition);
    expect(at).toBeGreaterThan(partition);
    // The time of the file system: only the hash tree detects such a change.
    run('qemu-io', ['-c', `write -P 0x5a ${at + 8} 1`, disk]);
    const console = await bootUntil(disk, /refusing to boot: .*/, join(folder, 'altered'));
    expect(console).toMatch(/refusing to boot: the root (does not have the root hash|is damaged)/);
  });
});
