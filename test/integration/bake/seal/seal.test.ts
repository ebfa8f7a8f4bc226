import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GoldenRoot, seal } from '../../../../src/bake/seal/seal.ts';
import { listSquashfs, makeSquashfs } from '../../../../src/bake/seal/squashfs.ts';
import { sha256File } from '../../../../src/host/sha256-file.ts';
import type { ManifestEntry } from '../../../../src/version/manifest.ts';
import { epoch, host, residueFile, sealSmallTree, smallTree } from './small-tree.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-seal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sh = (script: string) => host.run('sh', ['-euc', script], { cwd: folder });
const makeTree = (name: string, script?: string) => smallTree(folder, name, script);
const sealTree = (tree: string, out: string) => sealSmallTree(tree, join(folder, out));

async function manifestOf(root: GoldenRoot): Promise<Map<string, ManifestEntry>> {
  const { entries } = JSON.parse(await readFile(root.manifestPath, 'utf8')) as { entries: ManifestEntry[] };
  return new Map(entries.map((entry) => [entry.path, entry]));
}

describe('a sealed root', () => {
  it('is the same, byte for byte, for two builds that differ in time, residue and order', async () => {
    const dirty = `mkdir later; rmdir later; chmod 700 .; touch usr etc/shadow; echo host > etc/hostname
      echo 0123 > etc/machine-id; mkdir -p root/.ssh var/log/journal/0123; echo key > root/.ssh/authorized_keys
      ssh-keygen -q -t ed25519 -N '' -f etc/ssh/ssh_host_ed25519_key; echo log > var/log/zookeeper/x.log
      echo x > tmp/x; printf 'root:*:20501:0:99999:7:::\\n' > etc/shadow; echo ls > root/.bash_history`;
    const one = await sealTree(await makeTree('one'), 'out-one');
    const other = await sealTree(await makeTree('other', dirty), 'out-other');
    expect(other.manifestSha256).toBe(one.manifestSha256);
    expect(other.squashfsSha256).toBe(one.squashfsSha256);
    expect(other.rootHash).toBe(one.rootHash);
    expect(await sha256File(other.hashTree)).toBe(await sha256File(one.hashTree));
    expect(other.version).toMatch(/^20251122-[0-9a-f]{12}$/);
  });

  it('has a manifest that describes each path, sorted bytewise, and kernel and initrd next to the root', async () => {
    const root = await sealTree(await makeTree('tree'), 'out');
    const manifest = await manifestOf(root);
    const paths = [...manifest.keys()];
    expect(paths).toEqual([...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(paths.slice(0, 6)).toEqual(['/', '/Főta nú', '/a', '/a-b', '/a/c', '/a/c/d']);
    expect(paths.filter((path) => path.startsWith('/boot'))).toEqual(['/boot']);
    expect(manifest.get('/')).toMatchObject({ type: 'directory', mode: '0755', uid: 0, gid: 0 });
    expect(manifest.get('/usr/bin/tool')).toEqual({
      path: '/usr/bin/tool',
      type: 'file',
      mode: '4755',
      uid: 0,
      gid: 0,
      mtime: 1_000_000_000,
      size: 5,
      sha256: (await sh('echo tool | sha256sum')).stdout.slice(0, 64),
      hardLink: '/usr/bin/same',
    });
    expect(manifest.get('/usr/bin/link')).toMatchObject({ type: 'symlink', target: 'tool' });
    expect(manifest.get('/dev/null')).toMatchObject({ type: 'char', device: { major: 1, minor: 3 } });
    expect(Object.keys(manifest.get('/usr/bin/ping')?.xattrs ?? {})).toEqual(['security.capability']);
    expect(manifest.get('/etc/machine-id')).toMatchObject({ size: 0 });
    expect(manifest.get('/a/zeros')?.sha256).toBe(await sha256File(join(folder, 'tree/a/zeros')));
    expect(await readFile(root.kernel, 'utf8')).toBe('kernel\n');
    expect(await readFile(root.initrd, 'utf8')).toBe('initrd\n');
    expect(Math.max(...[...manifest.values()].map(({ mtime }) => mtime))).toBe(epoch);
  });

  it('contains in its squashfs what the manifest lists, with times and capabilities, verified by the root hash', async () => {
    const root = await sealTree(await makeTree('tree'), 'out');
    const manifest = await manifestOf(root);
    const listed: string[] = [];
    await listSquashfs(host, root.squashfs, ({ path }) => listed.push(path));
    expect(listed.sort()).toEqual([...manifest.keys()].sort());
    await sh(`unsquashfs -quiet -no-progress -dest back ${root.squashfs}`);
    expect((await sh('getcap back/usr/bin/ping')).stdout).toContain('cap_net_raw=ep');
    expect((await sh('stat -c %Y back/etc/shadow')).stdout.trim()).toBe(String(epoch));
    expect((await sh('cat back/etc/shadow')).stdout).toBe('root:*:20414:0:99999:7:::\n');
    await host.run('veritysetup', ['verify', root.squashfs, root.hashTree, root.rootHash]);
    await sh(`printf X | dd of=${root.squashfs} bs=1 seek=200 conv=notrunc status=none`);
    await expect(
      host.run('veritysetup', ['verify', root.squashfs, root.hashTree, root.rootHash]),
    ).rejects.toThrow();
  });

  it('is refused if /boot does not have exactly one kernel', async () => {
    const tree = await makeTree('tree', 'echo other > boot/vmlinuz-6.2');
    await expect(sealTree(tree, 'out')).rejects.toThrow(/there must be one vmlinuz-VERSION/);
  });

  it('is refused if a name in it is not UTF-8, and the folder is named', async () => {
    const tree = await makeTree('tree', 'touch "a/c/$(printf "caf\\351")"');
    await expect(sealTree(tree, 'out')).rejects.toThrow(
      /In \/a\/c\/ of the image there is a name that is not UTF-8: café\.$/,
    );
  });

  it('reports the output of a program that failed, and stops when it is interrupted', async () => {
    const tree = await makeTree('tree');
    const options = {
      role: 'slave',
      tree,
      epoch,
      outFolder: join(folder, 'out'),
      residueFile,
      compressionLevel: 3,
    } as const;
    const bad = seal(host, { ...options, compressionLevel: 99 }, () => undefined);
    await expect(bad).rejects.toThrow(/^mksquashfs ended with/);
    const stop = new AbortController();
    const again = await makeTree('again');
    const stopped = seal(host, { ...options, tree: again, signal: stop.signal }, (what) => {
      if (what === 'writing manifest and squashfs') stop.abort(new Error('Ctrl-C'));
    });
    await expect(stopped).rejects.toThrow('Ctrl-C');
  });

  it('is refused for a date in the future, because clock times would remain in it', async () => {
    const future = Math.floor(host.now() / 1000) + 3600;
    const options = {
      role: 'slave',
      tree: folder,
      epoch: future,
      outFolder: join(folder, 'out'),
      residueFile,
      compressionLevel: 3,
    } as const;
    await expect(seal(host, options, () => undefined)).rejects.toThrow(/is in the future/);
  });
});

describe('a squashfs', () => {
  it('does not depend on the number of processors or on the copy of the tree', async () => {
    await sh(
      'mkdir one; cd one; for i in $(seq 40); do head -c 200000 /dev/urandom > f$i; echo $i > s$i; done; touch -d @1 * .',
    );
    await sh('mkdir two; cd two; for f in $(ls ../one | sort -r); do cp -p ../one/$f .; done; touch -d @1 .');
    const hashes = new Set<string>();
    for (const [tree, processors] of [
      ['one', 1],
      ['one', 2],
      ['two', 1],
      ['two', 2],
    ] as const) {
      const file = join(folder, `${tree}-${processors}.squashfs`);
      await makeSquashfs(host, join(folder, tree), file, { epoch, level: 3, processors });
      hashes.add(await sha256File(file));
    }
    expect(hashes.size).toBe(1);
  });
});
