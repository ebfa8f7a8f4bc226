import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { isIgnoredInLayer } from '../site-layers/layer-parts.ts';
import { type Git, openGit } from './git.ts';
import { gitFailure, lacksRef, needsHistory } from './git-failure.ts';
import type { LayerSource } from './layer-sources.ts';
import { TreeFault } from './tree-fault.ts';
import { tooLarge, treeLimits, TreeWriter } from './tree-writer.ts';
import { unpackTar } from './unpack-tar.ts';

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const fetched = 'refs/ingot/layer';

function absent(ref: string, address: string): TreeFault {
  const right = commitId.test(ref)
    ? 'a commit that a branch or tag of the repository still has; ingot lock SPEC --update takes the newest of a ref'
    : 'a tag, a branch, or a whole commit id of 40 digits';
  return new TreeFault(`${address} has no ${commitId.test(ref) ? 'commit' : 'ref'} ${ref}`, right);
}

/** Fetches a ref or commit, without its history where the server can do that. */
async function fetchRef(git: Git, ref: string): Promise<void> {
  const base = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-gc',
  ];
  const one = ['--', git.address, `+${ref}:${fetched}`];
  try {
    await git.run([...base, '--depth=1', ...one]);
  } catch (error) {
    if (!needsHistory(error)) throw error;
    if (!commitId.test(ref)) {
      await git.run([...base, ...one]);
      return;
    }
    // A server may give only what its refs name: the commit is in one of their histories, or nowhere.
    await git.run([...base, '--', git.address, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']);
    const { exitCode } = await git.run(['update-ref', fetched, ref], [0, 1, 128]);
    if (exitCode !== 0) throw absent(ref, git.address);
  }
}

async function objectOf(git: Git, name: string): Promise<string | undefined> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', name], [0, 1, 128]);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}

/** Refuses what git would have to fetch from elsewhere, and what is too large, before anything is written. */
async function inspectTree(git: Git, tree: string): Promise<void> {
  const { stdout } = await git.run(['ls-tree', '-r', '-l', tree]);
  let bytes = 0;
  for (const line of stdout.split('\n')) {
    const [, mode = '', size = '', path = ''] = /^(\d+) \w+ \w+ +(\S+)\t(.*)$/.exec(line) ?? [];
    if (isIgnoredInLayer(path.split('/', 1)[0] ?? '')) continue;
    if (mode === '160000')
      throw new TreeFault(
        `${path} is a submodule`,
        'its files in the repository itself, or a layer of its own',
      );
    bytes += Number(size) || 0;
  }
  if (bytes > treeLimits.bytes) throw tooLarge(treeLimits);
}

interface GitFetch {
  readonly source: LayerSource;
  /** The commit that the lock has fixed; undefined: the one that the ref is now. */
  readonly commit: string | undefined;
  /** Absolute, for files that are removed afterwards. */
  readonly work: string;
  /** Absolute; exists and is empty. */
  readonly to: string;
}

/**
 * Writes the files of a git repository at a commit into a folder. They are those that git stores: no filters, no
 * conversions, no submodules, and no program of the repository is run.
 * @returns the commit
 * @throws TreeFault for a wrong address, ref or folder, and for what no layer may have
 * @throws IngotError unreachable-source if the server does not answer
 */
export async function fetchGit(
  host: Host,
  { source, commit, work, to }: GitFetch,
  signal: AbortSignal,
): Promise<string> {
  const { name, ref = '', folder = '' } = source.origin;
  const git = await openGit(host, { folder: join(work, 'git'), address: source.address, signal });
  const wanted = commit ?? ref;
  try {
    await fetchRef(git, wanted);
  } catch (error) {
    throw lacksRef(error) ? absent(wanted, git.address) : gitFailure(error, name, git.address);
  }
  const found = await objectOf(git, `${fetched}^{commit}`);
  if (found === undefined)
    throw new TreeFault(`${ref} of ${git.address} is not a commit`, 'a tag or a branch');
  const tree = await objectOf(git, folder === '' ? `${found}^{tree}` : `${found}:${folder}`);
  const type = tree === undefined ? '' : (await git.run(['cat-file', '-t', tree])).stdout.trim();
  if (tree === undefined || type !== 'tree')
    throw new TreeFault(
      `${git.address} has no folder ${folder} at ${ref}`,
      'the folder in it that is the layer',
    );
  await inspectTree(git, tree);
  const archive = join(work, 'tree.tar');
  await git.run(['archive', '--format=tar', `--output=${archive}`, tree]);
  await mkdir(to, { recursive: true });
  await unpackTar(archive, new TreeWriter(to, ''));
  return found;
}
