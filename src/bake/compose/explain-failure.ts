import { IngotError } from '../../host/ingot-error.ts';
import { LastLines } from '../../host/last-lines.ts';
import { numberHint } from './compare-users.ts';
import type { ComposeOptions } from './compose-options.ts';
import { debconfHint } from './debconf-hint.ts';
import { dpkgFailure } from './dpkg-failure.ts';
import type { FixedUser } from './fixed-users.ts';
import { debconfTemplates } from './package-templates.ts';

const keptLines = 400;
const shownLines = 15;

/** What is running in a tree: the scripts of compose print it on its own line. */
const phase = /^(files|users|debconf|packages|compose\.d|initrd): (.+)$/;
/** Lines that only report the failure of something else. */
const followUpLines =
  /^(?:E: Sub-process |E: (?:apt-get|env|chroot|mmdebstrap|apt download failed) ?|E: hook|E: command failed|E: setup failed|E: rm failed|I: |W: |\s*$)/;

const lastOf = (lines: readonly string[]): string | undefined =>
  lines.findLast((line) => !followUpLines.test(line))?.trim();

/** Summarises what failed, with its own output; undefined if the lines do not show it. */
function headline(lines: readonly string[]): { message: string; excerpt: readonly string[] } | undefined {
  const full = lines.find((line) => line.includes('No space left on device'));
  if (full !== undefined) return { message: full.trim(), excerpt: [] };
  const dpkg = dpkgFailure(lines);
  if (dpkg !== undefined) {
    const label = dpkg.version === undefined ? dpkg.package : `${dpkg.package} ${dpkg.version}`;
    const reason = dpkg.words.at(-1)?.trim() ?? 'it printed no reason';
    return {
      message: `the package ${label} could not be installed: ${dpkg.what}: ${reason}`,
      excerpt: dpkg.words.length > 1 ? dpkg.words.slice(-shownLines) : [],
    };
  }
  const at = lines.findLastIndex((line) => phase.test(line));
  const [, kind = '', name = ''] = phase.exec(lines[at] ?? '') ?? [];
  const own = lines.slice(at + 1);
  const reason = lastOf(own);
  if (reason === undefined) return undefined;
  const what = {
    files: `putting ${name} in place`,
    packages: `${name}, which installs the packages,`,
    initrd: `${name}, which makes the initrd,`,
  }[kind];
  const subject =
    at < 0 ? 'composing' : (what ?? `${kind === 'debconf' || kind === 'users' ? '' : `${kind}/`}${name}`);
  return { message: `${subject} failed: ${reason}`, excerpt: own.length > 1 ? own.slice(-shownLines) : [] };
}

interface Composed {
  /** "master", or "shared" for what both roles have. */
  readonly what: string;
  /** Absolute path of the file with the complete output. */
  readonly log: string;
  /** Absolute; has the templates of a package that needs an answer. */
  readonly tree?: string;
  /** Users whose numbers a package may have tried to take. */
  readonly users?: readonly FixedUser[];
}

/**
 * Runs work that runs programs of a tree. On failure, the first line of the error names the package or script that
 * failed and its last output; the complete output is in the log. The command is not shown, because the folders in it no
 * longer exist when someone reads it.
 * @throws IngotError command-failed
 */
export async function withExplainedFailure(
  { what, log, tree, users = [] }: Composed,
  options: ComposeOptions,
  work: (watched: ComposeOptions) => Promise<void>,
): Promise<void> {
  const last = new LastLines(keptLines);
  const watched: ComposeOptions = {
    ...options,
    onLine: (line) => {
      last.add(line);
      options.onLine?.(line);
    },
  };
  try {
    await work(watched);
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'command-failed') throw error;
    const found = headline(last.lines);
    const dpkg = dpkgFailure(last.lines);
    const failedPackage = dpkg?.package;
    const asks =
      tree === undefined || failedPackage === undefined ? '' : await debconfTemplates(tree, failedPackage);
    throw new IngotError({
      code: 'command-failed',
      message:
        found === undefined ? `composing ${what}: ${error.message}` : `composing ${what}: ${found.message}`,
      excerpt: found?.excerpt ?? error.excerpt,
      hint: [
        ...debconfHint(failedPackage ?? '', asks, what),
        ...numberHint(dpkg?.words ?? [], users),
        `its whole output: ${log}`,
      ].join('\n'),
      cause: error,
    });
  }
}
