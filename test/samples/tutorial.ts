import { spawn } from 'node:child_process';

/** When the commands of a block can be run by a test: at once, after a bake, or only by a person. */
export type TutorialKind = 'now' | 'bake' | 'by hand';

/** A command of a tutorial, and the lines that it should print. */
export interface TutorialCommand {
  readonly line: number;
  readonly kind: TutorialKind;
  readonly command: string;
  readonly prints: readonly string[];
  /** undefined: any. */
  readonly status: number | undefined;
}

const marker = /^<!-- tutorial: (now|bake|by hand)(?:; (.*))? -->$/;

/**
 * Reads the commands of a page, in its order. Each block of the language console must follow a comment such as
 * `<!-- tutorial: now; exit status 2 -->`; the exit status is that of the last command of the block.
 * @throws Error for a block without such a comment
 */
export function tutorialCommands(page: string): readonly TutorialCommand[] {
  const lines = page.split('\n');
  const commands: TutorialCommand[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (!/^```(?:console|sh|bash)?$/.test(lines[at] ?? '')) continue;
    const [, kind, more = ''] = marker.exec(lines[at - 2] ?? '') ?? [];
    if (kind === undefined || lines[at] !== '```console')
      throw new Error(`line ${at + 1}: a block without its comment: <!-- tutorial: now|bake|by hand -->`);
    const block: { line: number; command: string; prints: string[] }[] = [];
    for (at += 1; at < lines.length && lines[at] !== '```'; at += 1) {
      const text = lines[at] ?? '';
      if (text.startsWith('$ ')) block.push({ line: at + 1, command: text.slice(2), prints: [] });
      else block.at(-1)?.prints.push(text);
    }
    const given = /exit status (\d+)/.exec(more)?.[1];
    for (const [index, one] of block.entries()) {
      const last = index === block.length - 1;
      const status = !last ? 0 : more.includes('any exit status') ? undefined : Number(given ?? 0);
      commands.push({ ...one, kind: kind as TutorialKind, status });
    }
  }
  return commands;
}

const lineMatches = (pattern: string, line: string): boolean =>
  new RegExp(
    `^${pattern
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(line);

/**
 * Whether the lines that were printed are those of the page. `…` on a line by itself stands for any number of lines, and
 * within a line for any text.
 */
export function printsAs(expected: readonly string[], actual: readonly string[]): boolean {
  const [pattern, ...rest] = expected;
  if (pattern === undefined) return actual.length === 0;
  if (pattern === '…') return actual.some((_, at) => printsAs(rest, actual.slice(at))) || printsAs(rest, []);
  const [line, ...others] = actual;
  return line !== undefined && lineMatches(pattern, line) && printsAs(rest, others);
}

/** What a command of the tutorial did. */
export interface TutorialResult extends TutorialCommand {
  readonly printed: readonly string[];
  readonly ended: number | undefined;
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the commands one after the other in one shell, as a person types them, without a terminal. */
export async function runTutorial(
  commands: readonly TutorialCommand[],
  { cwd, env }: Place,
): Promise<readonly TutorialResult[]> {
  const mark = '@@tutorial';
  const script = commands.map(({ command }) => `${command}\nprintf '\\n${mark} %s\\n' "$?"\n`).join('');
  const shell = spawn('sh', [], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let all = '';
  const closed = new Promise<void>((resolve, reject) => {
    shell.on('close', () => {
      resolve();
    });
    shell.on('error', reject);
  });
  shell.stdout.on('data', (chunk: Buffer) => (all += chunk.toString()));
  // A program of the script must not read the rest of the script.
  shell.stdin.end(`exec 2>&1\n{\n${script}} </dev/null\n`);
  await closed;
  const parts = all.split(new RegExp(`\\n${mark} (\\d+)\\n`));
  return commands.map((command, index) => {
    const text = (parts[2 * index] ?? '').replace(/\n$/, '');
    const ended = parts[2 * index + 1];
    return {
      ...command,
      printed: text === '' ? [] : text.split('\n'),
      ended: ended === undefined ? undefined : Number(ended),
    };
  });
}

/** The commands that did not do what the page shows, as text; empty if all did. */
export function tutorialFaults(results: readonly TutorialResult[]): readonly string[] {
  return results.flatMap((one) => {
    const right =
      (one.status === undefined ? one.ended !== undefined : one.ended === one.status) &&
      printsAs(one.prints, one.printed);
    if (right) return [];
    return [
      `docs/tutorial.md:${one.line}: $ ${one.command}\nexit status ${one.ended ?? 'none'}, printed:\n${one.printed.join('\n')}`,
    ];
  });
}
