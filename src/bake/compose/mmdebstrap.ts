import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { excludedFiles, excludedFolders } from './excluded-files.ts';
import { type FixedUser, reserveUsers } from './fixed-users.ts';
import { capshDrop, inTreeHook, plainFolder, sandboxed, setpriv } from './sandbox.ts';

export interface Mmdebstrap {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Absolute path of the tree to create. */
  readonly tree: string;
  /** Absolute path of a deb822 file with the apt sources. */
  readonly sources: string;
  /** Seconds since 1970, passed as SOURCE_DATE_EPOCH. */
  readonly epoch: number;
  readonly customizeHooks?: readonly string[];
  /** Answers for debconf-set-selections, set before the packages are installed. */
  readonly debconf?: string;
  /** Users created before the packages are installed, so that no package takes their numbers. */
  readonly users?: readonly FixedUser[];
  readonly log: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

const mergedUsr = '/usr/share/mmdebstrap/hooks/merged-usr';
const exclusions = '/etc/dpkg/dpkg.cfg.d/99ingot';
const sandboxConf = '/etc/apt/apt.conf.d/99sealed-off';

/**
 * Options for a new tree. /usr is merged from the start, so that usrmerge and its perl (46 MB) are not installed. The
 * merged-usr hooks are named here because mmdebstrap passes them TMPDIR, and /tmp of the build host is read-only. apt
 * itself enters the tree and runs `env … dpkg` there. Options in apt.conf precede mmdebstrap's own, and env splits them
 * into words (env(1), --split-string). So dpkg and every script of a package run without the capabilities that affect
 * the build host.
 */
const bootstrapHooks = [
  `--setup-hook=TMPDIR="$1/tmp" ${mergedUsr}/setup00.sh "$1"`,
  `--essential-hook=${mergedUsr}/essential00.sh "$1"`,
  `--essential-hook=${inTreeHook(`echo "DPkg::Options:: \\"--split-string=${setpriv.join(' ')} -- env\\";" >${sandboxConf}`)}`,
  `--customize-hook=${inTreeHook(`rm ${sandboxConf}`)}`,
];

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/**
 * Hooks that exclude files with a configuration of dpkg. As an option of mmdebstrap, the list would pass each package
 * through mmtarfilter, a Python program. So tar first extracts the essential packages with everything; what is excluded
 * is removed, and dpkg, which unpacks them again, makes the folders and the licence texts.
 */
async function excludingHooks(folder: string): Promise<string[]> {
  const file = join(folder, 'excluded-files');
  await writeFile(file, excludedFiles.map((line) => `${line}\n`).join(''));
  return [
    `--setup-hook=cp ${quoted(file)} "$1${exclusions}"`,
    `--extract-hook=${inTreeHook(`rm -rf ${excludedFolders.join(' ')}`)}`,
    `--customize-hook=${inTreeHook(`rm ${exclusions}`)}`,
  ];
}

/**
 * Writes a replacement for chroot(8), with which mmdebstrap enters the tree for everything else. Returns the absolute
 * path of the program.
 */
async function sandboxChroot(folder: string): Promise<string> {
  const program = join(folder, 'chroot');
  const enter = `exec capsh --chroot="$tree" ${capshDrop} --shell=/usr/bin/env -- --chdir=/ "$@"`;
  await writeFile(program, `#!/bin/sh\ntree=$1\nshift\n${enter}\n`, { mode: 0o755 });
  return program;
}

/** Uses a mount and not PATH, in which a folder name with a colon would count as two. */
const unpacking = [
  'mount --bind "$2" "$(command -v chroot)"',
  plainFolder.mount,
  'shift 2',
  'exec mmdebstrap "$@"',
];

/** A hook that runs a program of the tree with a given text on its standard input. */
async function hookWithInput(
  folder: string,
  { phase, text, program }: { readonly phase: string; readonly text: string; readonly program: string },
): Promise<string> {
  const file = join(folder, `${phase}-input`);
  await writeFile(file, text);
  return `--essential-hook=echo '${phase}: ${program}'; ${inTreeHook(program)} <${quoted(file)}`;
}

/** Prepares a tree before any listed package is installed: users with their numbers, answers of debconf. */
async function beforePackages(folder: string, { debconf = '', users = [] }: Mmdebstrap): Promise<string[]> {
  const debconfHook = { phase: 'debconf', text: debconf, program: 'debconf-set-selections' };
  return [
    ...(users.length === 0
      ? []
      : [await hookWithInput(folder, { phase: 'users', text: reserveUsers(users), program: 'sh' })]),
    ...(debconf === '' ? [] : [await hookWithInput(folder, debconfHook)]),
  ];
}

/**
 * Unpacks and configures Debian packages natively (mmdebstrap(1)); needs root. On the build host only the folder of the
 * tree is writable meanwhile.
 * @throws IngotError command-failed with mmdebstrap's last lines
 */
export async function mmdebstrap(host: Host, wanted: Mmdebstrap): Promise<void> {
  const folder = await realpath(dirname(wanted.tree));
  const tree = join(folder, basename(wanted.tree));
  const chroot = await sandboxChroot(folder);
  await mkdir(plainFolder.path, { recursive: true });
  const args = [
    '--variant=minbase',
    '--mode=root',
    '--format=directory',
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Retries "3"',
    '--aptopt=Acquire::Languages "none"',
    '--dpkgopt=force-unsafe-io',
    ...bootstrapHooks,
    ...(await excludingHooks(folder)),
    ...(wanted.packages.length === 0 ? [] : [`--include=${wanted.packages.join(',')}`]),
    ...(await beforePackages(folder, wanted)),
    ...(wanted.customizeHooks ?? []).map((hook) => `--customize-hook=${hook}`),
    wanted.suite,
    tree,
    wanted.sources,
  ];
  await sandboxed(
    host,
    folder,
    { script: unpacking, args: [chroot, ...args] },
    {
      // INITRD=No: /etc/kernel/postinst.d/initramfs-tools creates no initrd while packages are unpacked; it is created
      // once, at the end.
      env: {
        SOURCE_DATE_EPOCH: String(wanted.epoch),
        INITRD: 'No',
        DEBIAN_FRONTEND: 'noninteractive',
        TMPDIR: folder,
      },
      log: wanted.log,
      discardOutput: true,
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
      ...(wanted.onLine === undefined ? {} : { onLine: wanted.onLine }),
    },
  );
}
