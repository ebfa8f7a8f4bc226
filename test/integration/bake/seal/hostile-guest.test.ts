import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { host, sealSmallTree, smallTree } from './small-tree.ts';

let folder: string;
let before: string;

const sh = (script: string) => host.run('sh', ['-euc', script], { cwd: folder });
/** Name, mode, owner, time and content of every file that does not belong to the image. */
const look = async () =>
  (await sh('find outside -printf "%p %m %U:%G %s %T@ %l\\n" | sort; cat outside/*')).stdout;

beforeEach(async () => {
  folder = await temporaryFolder();
  await sh(`mkdir outside; echo secret-of-the-host > outside/key; chmod 600 outside/key
    printf 'root:*:99999:0:99999:7:::\\n' > outside/shadow; cp outside/key outside/machine-id; cp outside/key outside/x.log
    echo kernel > outside/vmlinuz-6.1; echo initrd > outside/initrd.img-6.1; touch -d 2030-01-01 outside/*`);
  before = await look();
});

/** Nothing outside was changed, and nothing from outside came into the image. */
async function expectUntouched(): Promise<void> {
  expect(await look()).toBe(before);
  const made = await readdir(join(folder, 'out')).catch(() => []);
  for (const name of made)
    expect(await readFile(join(folder, 'out', name), 'latin1')).not.toContain('secret-of-the-host');
}

/** Shell script that runs in the tree: replaces a path by an absolute link to something outside. */
const link = (path: string, to = 'key') => `rm -rf ${path}; ln -s "$PWD/../outside/${to}" ${path}`;

describe('a tree with links to files of the build host is refused, the path is named, and these files stay unchanged:', () => {
  test.each([
    ['/etc/machine-id', link('etc/machine-id')],
    ['/etc/machine-id', 'ln -s ../a-b etc/machine-id'],
    ['/etc/machine-id', 'mkfifo etc/machine-id'],
    ['/etc/machine-id', 'mkdir etc/machine-id'],
    ['/etc/machine-id', 'mknod etc/machine-id c 1 3'],
    ['/etc/shadow', link('etc/shadow', 'shadow')],
    ['/etc/shadow', 'rm etc/shadow; mkfifo etc/shadow'],
    ['/etc/machine-id', link('etc', '')],
    ['/etc/passwd', link('etc/passwd')],
    ['/etc/ssl/certs/java/cacerts', `mkdir -p etc/ssl/certs/java; ${link('etc/ssl/certs/java/cacerts')}`],
    ['/etc/ssl/certs/java/cacerts', link('etc/ssl', '')],
    ['/usr/lib/ingot/setuid-allowed', link('usr/lib/ingot/setuid-allowed')],
    [
      '/usr/lib/sysusers.d',
      `mkdir usr/lib/sysusers.d; ${link('usr/lib/sysusers.d/x.conf')}; ${link('etc/group')}`,
    ],
    ['/boot/vmlinuz-6.1', link('boot/vmlinuz-6.1')],
    ['/boot/vmlinuz-6.1', 'rm boot/vmlinuz-6.1; mkfifo boot/vmlinuz-6.1'],
    ['/boot/initrd.img-6.1', link('boot/initrd.img-6.1')],
    ['/boot', link('boot', '')],
    ['/a/large', 'truncate -s 8T a/large'],
  ])('%s (%s)', async (path, script) => {
    const tree = await smallTree(folder, 'tree', script);
    const error = await rejection(sealSmallTree(tree, join(folder, 'out')));
    expect([error.message, ...error.excerpt].join('\n')).toContain(
      path === '/usr/lib/sysusers.d' ? '/etc/group' : path,
    );
    await expectUntouched();
  });
});

describe('links that a root may have stay links, and are not followed:', () => {
  test('for folders of residue, removed files, and files with times', async () => {
    const script = ['root/.ssh', 'tmp/x', 'var/log/zookeeper', 'srv']
      .map((path) => link(path, ''))
      .join('\n');
    const tree = await smallTree(
      folder,
      'tree',
      `${script}\n${link('var/log/x.log', 'x.log')}; ${link('usr/bin/l')}`,
    );
    await sealSmallTree(tree, join(folder, 'out'));
    await expectUntouched();
    expect(await readdir(join(tree, 'tmp'))).toEqual([]);
  });

  test('a file that shares its content with the machine-id keeps it', async () => {
    const tree = await smallTree(
      folder,
      'tree',
      'echo id > etc/machine-id; chmod 600 etc/machine-id; ln etc/machine-id etc/other',
    );
    await sealSmallTree(tree, join(folder, 'out'));
    expect((await sh('stat -c "%a %s" tree/etc/machine-id tree/etc/other; cat tree/etc/other')).stdout).toBe(
      '444 0\n600 3\nid\n',
    );
  });
});

type Entry = Partial<Header> & Pick<Header, 'name'>;

/** Seals a tree with the export of a hostile guest. */
async function sealWith(entries: readonly Entry[], script = ':') {
  const archive = pack();
  for (const entry of entries) archive.entry(entry, entry.type === undefined ? 'evil' : '');
  archive.finalize();
  await writeFile(join(folder, 'disk'), await buffer(archive));
  const tree = await smallTree(folder, 'tree', script);
  return sealSmallTree(tree, join(folder, 'out'), { changesDisk: join(folder, 'disk') });
}

describe('an export of a hostile guest is refused, the path is named, and nothing outside is touched:', () => {
  const way = { name: './way', type: 'symlink', linkname: '../outside' } as const;
  test.each<[string, Entry[], string]>([
    ['a removal through a link', [way, { name: './way/key', type: 'character-device' }], '/way/key'],
    ['a folder through a link', [way, { name: './way/new', type: 'directory' }], '/way/new'],
    ['a hard link through a link', [way, { name: './h', type: 'link', linkname: './way/key' }], '/way/key'],
    ['a file that replaces a folder, and a file in it', [{ name: './a' }, { name: './a/x' }], '/a/x'],
    [
      'a removed folder, and a file in it',
      [{ name: './a', type: 'character-device' }, { name: './a/x' }],
      '/a/x',
    ],
    [
      'a link in place of the machine-id',
      [{ name: './etc/machine-id', type: 'symlink', linkname: '../../outside/key' }],
      '/etc/machine-id',
    ],
    [
      'a link in place of /etc',
      [{ name: './etc', type: 'symlink', linkname: '../outside' }],
      '/etc/machine-id',
    ],
    ['a disk device', [{ name: './a/disk', type: 'block-device', devmajor: 8, devminor: 0 }], '/a/disk'],
    ['a name with a line break', [{ name: './a/b\nc' }], 'b\\nc'],
    ['a set-user-ID shell', [{ name: './a/sh', mode: 0o4755 }], '/a/sh'],
    [
      'an access-control list',
      [{ name: './a/x', pax: { 'SCHILY.xattr.system.posix_acl_access': 'x' } }],
      '/a/x',
    ],
    [
      'an owner beyond the range of numbers',
      [{ name: './a/x', pax: { uid: '4294967295' } }],
      'number 4294967295',
    ],
  ])('%s', async (_, entries, named) => {
    const error = await rejection(sealWith(entries));
    expect([error.message, ...error.excerpt].join('\n')).toContain(named);
    await expectUntouched();
  });

  test('if two entries have the same path, the last one counts, as with tar', async () => {
    const same = { name: './a/x' } as const;
    await sealWith([
      same,
      { ...same, type: 'symlink', linkname: '../../outside/key' },
      { ...same, mode: 0o600 },
      { name: './a/pipe', type: 'fifo' },
    ]);
    expect((await sh('stat -c "%F %a" tree/a/x tree/a/pipe')).stdout).toBe('regular file 600\nfifo 644\n');
    await expectUntouched();
  });
});
