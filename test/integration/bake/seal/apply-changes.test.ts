import { lstat, mkdir, mkdtemp, open, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChanges } from '../../../../src/bake/seal/apply-changes.ts';
import { makeHost } from '../../../../src/host/make-host.ts';

type Entry = Partial<Header> & Pick<Header, 'name'>;

const host = makeHost();
let folder: string;
let tree: string;
let disk: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-apply-'));
  tree = join(folder, 'tree');
  disk = join(folder, 'disk.raw');
  await sh(`mkdir -p tree/etc/conf.d tree/usr/bin tree/var/lib/old/deep outside
    ln -s usr/bin tree/bin; ln -s ../outside tree/way-out; ln -s /etc tree/var/etc
    echo lower > tree/etc/hosts; echo lower > tree/etc/gone; echo lower > tree/etc/conf.d/a
    echo lower > tree/var/lib/old/deep/file; echo tool > tree/usr/bin/tool`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sh = (script: string) => host.run('sh', ['-euc', script], { cwd: folder });

/** Writes what the guest writes: a GNU tar of the upper layer, directly onto a larger disk. */
async function exportUpper(script: string): Promise<void> {
  await sh(`mkdir upper; cd upper; ${script}`);
  await sh(`truncate -s 4M disk.raw
    tar --create --format=pax --xattrs --xattrs-include='*' --numeric-owner --sort=name -C upper . | dd of=disk.raw conv=notrunc status=none`);
}

/** Writes what a hostile guest may write. */
async function exportEntries(entries: readonly Entry[], content = 'evil'): Promise<void> {
  const archive = pack();
  for (const entry of entries)
    archive.entry(entry, entry.type === undefined || entry.type === 'file' ? content : '');
  archive.finalize();
  await writeFile(disk, await buffer(archive));
}

describe('the changes of the build guest', () => {
  it('are applied: new and changed files, removed ones, emptied folders, links, modes, owners, times, capabilities', async () => {
    await exportUpper(`mkdir -p etc/conf.d usr/bin var/lib; chmod 0750 etc/conf.d; chown 12:34 etc/conf.d
      echo upper > etc/hosts; touch -d @1000000000 etc/hosts
      mknod etc/gone c 0 0; ln etc/gone var/lib/old
      setfattr -n trusted.overlay.opaque -v y etc/conf.d; echo new > etc/conf.d/b
      echo ping > usr/bin/ping; setcap cap_setuid,cap_net_raw+ep usr/bin/ping
      echo suid > usr/bin/suid; chown 5:6 usr/bin/suid; chmod 4755 usr/bin/suid; ln usr/bin/suid usr/bin/suid-too
      ln -s suid usr/bin/link; mkfifo var/lib/pipe; mkdir "etc/Főta nú"; echo ü > "etc/Főta nú/name with newline
"`);
    const changes = await applyChanges(host, tree, disk);

    expect(await readFile(join(tree, 'etc/hosts'), 'utf8')).toBe('upper\n');
    expect((await lstat(join(tree, 'etc/hosts'))).mtimeMs).toBe(1e12);
    expect((await readdir(join(tree, 'etc'))).sort()).toEqual(['Főta nú', 'conf.d', 'hosts']);
    expect(await readdir(join(tree, 'etc/conf.d'))).toEqual(['b']);
    expect(await readdir(join(tree, 'etc/Főta nú'))).toEqual(['name with newline\n']);
    const confD = await lstat(join(tree, 'etc/conf.d'));
    expect([confD.mode & 0o7777, confD.uid, confD.gid]).toEqual([0o750, 12, 34]);
    expect(await readdir(join(tree, 'var/lib'))).toEqual(['pipe']);
    expect((await lstat(join(tree, 'var/lib/pipe'))).isFIFO()).toBe(true);
    const suid = await lstat(join(tree, 'usr/bin/suid'));
    expect([suid.mode & 0o7777, suid.uid, suid.gid, suid.nlink]).toEqual([0o4755, 5, 6, 2]);
    expect(await readlink(join(tree, 'usr/bin/link'))).toBe('suid');
    const { stdout } = await host.run('getcap', [join(tree, 'usr/bin/ping')]);
    expect(stdout).toContain('cap_setuid,cap_net_raw=ep');
    const overlay = await host.run('getfattr', [
      '-d',
      '-m',
      '-',
      '--absolute-names',
      join(tree, 'etc/conf.d'),
    ]);
    expect(overlay.stdout).toBe('');

    const said = new Map(changes.map(({ path, change }) => [path, change]));
    expect(said.get('/etc/hosts')).toBe('changed');
    expect(said.get('/etc/gone')).toBe('removed');
    expect(said.get('/var/lib/old')).toBe('removed');
    expect(said.get('/etc/conf.d')).toBe('changed');
    expect(said.get('/etc/conf.d/a')).toBe('removed');
    expect(said.get('/etc/conf.d/b')).toBe('added');
    expect(said.has('/usr')).toBe(false);
  });

  it('can turn a folder into a file and a file into a folder', async () => {
    await exportUpper('mkdir -p var/lib etc/hosts; echo now > var/lib/old; echo in > etc/hosts/file');
    await applyChanges(host, tree, disk);
    expect(await readFile(join(tree, 'var/lib/old'), 'utf8')).toBe('now\n');
    expect(await readFile(join(tree, 'etc/hosts/file'), 'utf8')).toBe('in\n');
  });

  it('are complete when they are large and have names longer than a tar header holds', async () => {
    const name = 'n'.repeat(200);
    await exportUpper(`mkdir -p ${name}; head -c 3000000 /dev/urandom > ${name}/${name}`);
    await applyChanges(host, tree, disk);
    await sh(`cmp upper/${name}/${name} tree/${name}/${name}`);
  });
});

describe('a hostile export', () => {
  const outside = () => readdir(join(folder, 'outside'));

  it.each<[string, Entry[]]>([
    ['an absolute name', [{ name: '/etc/evil' }]],
    ['a name with ..', [{ name: './../outside/evil' }]],
    ['a link of the tree on the way', [{ name: './way-out/evil' }]],
    ['an absolute link of the tree on the way', [{ name: './var/etc/evil' }]],
    [
      'a link of the export on the way',
      [{ name: './x', type: 'symlink', linkname: '../outside' }, { name: './x/evil' }],
    ],
    [
      'a folder that it replaces with a link',
      [
        { name: './y', type: 'directory' },
        { name: './y', type: 'symlink', linkname: '../outside' },
        { name: './y/evil' },
      ],
    ],
    ['a hard link out of the tree', [{ name: './h', type: 'link', linkname: '../outside' }]],
    ['a hard link through a link', [{ name: './h', type: 'link', linkname: './bin/tool' }]],
    ['a hard link to a folder that does not exist', [{ name: './nowhere/evil' }]],
  ])('with %s is refused, and nothing is written outside', async (_, entries) => {
    await exportEntries(entries);
    await expect(applyChanges(host, tree, disk)).rejects.toThrow(
      /Nothing was (?:read or )?written through it/,
    );
    expect(await outside()).toEqual([]);
  });

  it('replaces a link at the place of a file, and does not write through it', async () => {
    await exportEntries([{ name: './way-out' }]);
    await applyChanges(host, tree, disk);
    expect((await lstat(join(tree, 'way-out'))).isFile()).toBe(true);
    expect(await outside()).toEqual([]);
  });

  it.each(['redirect', 'metacopy'])('whose content is elsewhere (%s) is refused', async (name) => {
    await exportEntries([{ name: './etc/x', pax: { [`SCHILY.xattr.trusted.overlay.${name}`]: 'y' } }]);
    await expect(applyChanges(host, tree, disk)).rejects.toThrow(/its content is elsewhere/);
  });
});

describe('an export that is not complete', () => {
  it('is reported when the disk is still empty', async () => {
    await sh('truncate -s 1M disk.raw');
    await expect(applyChanges(host, tree, disk)).rejects.toThrow(/there is no archive in it/);
  });

  it('is reported when it was cut off', async () => {
    await exportUpper('mkdir etc; head -c 100000 /dev/urandom > etc/large');
    const file = await open(disk, 'r+');
    await file.truncate(50_000);
    await file.close();
    await expect(applyChanges(host, tree, disk)).rejects.toThrow(/longer than the file/);
  });

  it('is reported when a header is damaged', async () => {
    await exportUpper('mkdir etc');
    const file = await open(disk, 'r+');
    await file.write('x', 3);
    await file.close();
    await expect(applyChanges(host, tree, disk)).rejects.toThrow(/wrong checksum/);
  });

  it('ignores the removal of files that do not exist', async () => {
    await mkdir(join(folder, 'other'));
    await exportUpper('mkdir -p etc; mknod etc/gone c 0 0');
    await expect(applyChanges(host, join(folder, 'other'), disk)).resolves.toEqual([
      { path: '/etc', change: 'added' },
    ]);
  });
});
