import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeHost } from '../../src/host/make-host.ts';

/** Programs of the build host that scripts of compose run in a tree. */
const programs = [
  'sh',
  'cat',
  'chmod',
  'find',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mount',
  'rm',
  'sleep',
  'tar',
  'touch',
];

/** A tree with only a shell and the programs above (absolute path, made here); usr is merged, as in Debian. */
export async function shellTree(tree: string, more: readonly string[] = []): Promise<void> {
  const host = makeHost();
  const folders = [
    'dev',
    'etc',
    'proc',
    'run/lock',
    'sys',
    'tmp',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'var/log',
  ];
  for (const name of folders) await mkdir(join(tree, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(tree, name));
  const paths = (
    await host.run('sh', [
      '-c',
      'command -v "$@"; for one; do command -v "$one"; done',
      'sh',
      ...programs,
      ...more,
    ])
  ).stdout;
  const found = [...new Set(paths.split('\n').filter((line) => line.startsWith('/')))];
  const libraries = (await host.run('ldd', found, { accept: [0, 1] })).stdout.match(/\/\S+\.so[.\d]*/g) ?? [];
  for (const path of found) await copyFile(path, join(tree, 'usr/bin', basename(path)));
  for (const path of new Set(libraries)) {
    const to = path.startsWith('/lib64') ? join('/usr', path) : join('/usr', path.replace(/^\/usr/, ''));
    await mkdir(dirname(join(tree, to)), { recursive: true });
    await copyFile(path, join(tree, to));
  }
}
