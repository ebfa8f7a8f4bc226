import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeHost } from '../../src/host/make-host.ts';
import type { LockedPackage } from '../../src/inputs/lock/lock.ts';
import { lockedPackage } from './lock.ts';

/** Files of the build host's own Debian that dpkg, debconf and the scripts of small packages need. */
const packages = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'debconf', 'diffutils', 'dpkg', 'findutils'],
  ...['grep', 'libacl1', 'libattr1', 'libbz2-1.0', 'libc6', 'libcap-ng0', 'libcap2', 'libcrypt1', 'libgmp10'],
  ...[
    'liblzma5',
    'libmd0',
    'libpcre2-8-0',
    'libselinux1',
    'libssl3',
    'libtinfo6',
    'libzstd1',
    'mount',
    'libmount1',
    'libblkid1',
  ],
  ...[
    'perl-base',
    'sed',
    'tar',
    'util-linux',
    'zlib1g',
    'passwd',
    'libpam0g',
    'libaudit1',
    'libsemanage2',
    'libsepol2',
  ],
];

/**
 * Makes a tree in which dpkg can install packages, copied from the build host in a second or two: the equivalent of a
 * role's shared tree.
 * @param tree absolute; made here
 * @returns its packages, as a lock would name them
 */
export async function debianTree(tree: string): Promise<LockedPackage[]> {
  const host = makeHost();
  const folders = [
    'dev',
    'proc',
    'run/lock',
    'sys',
    'tmp',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'var/lib/dpkg/info',
  ];
  for (const name of [
    ...folders,
    'var/lib/dpkg/updates',
    'var/log',
    'etc/apt/apt.conf.d',
    'var/cache/apt/archives/partial',
  ])
    await mkdir(join(tree, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(tree, name));
  await host.run('sh', [
    '-euc',
    // debianutils and libc-bin have triggers; without the rest of their records they would wait forever.
    `dpkg-query -L debianutils libc-bin "$@" 2>/dev/null | grep -v -E '^/usr/share/(doc|man|info|locale|lintian)/|^/\\.$' |
      tar --create --no-recursion --ignore-failed-read -C / --files-from - 2>/dev/null | tar --extract --keep-directory-symlink -C "$0"
    dpkg-query -s "$@" 2>/dev/null | grep -v -E '^(Pre-)?Depends:' >"$0/var/lib/dpkg/status" || :
    for one; do for file in /var/lib/dpkg/info/"$one".* /var/lib/dpkg/info/"$one":amd64.*; do [ ! -e "$file" ] || cp "$file" "$0/var/lib/dpkg/info/"; done; done
    printf 'root:x:0:0:root:/root:/bin/sh\\n_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\\n' >"$0/etc/passwd"
    printf 'root:x:0:\\nnogroup:x:65534:\\n' >"$0/etc/group"
    printf 'root:*:19000::::::\\n' >"$0/etc/shadow"
    cp /etc/debconf.conf "$0/etc/"`,
    tree,
    ...packages,
  ]);
  await writeFile(join(tree, 'etc/gshadow'), 'root:*::\n');
  const shown = await host.run('dpkg-query', [
    `--admindir=${join(tree, 'var/lib/dpkg')}`,
    '--show',
    '--showformat=${Package} ${Version} ${Architecture}\n',
  ]);
  return shown.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', version = '', architecture = ''] = line.split(' ');
      return lockedPackage(name, {
        version,
        architecture,
        sha256: createHash('sha256').update(line).digest('hex'),
      });
    });
}
