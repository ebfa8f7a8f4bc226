import { createInterface } from 'node:readline';
import { IngotError } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';

/** Asks one question on the terminal and returns the answer without blanks around it; empty for the default. */
export type AskOne = (question: string) => Promise<string>;

const ended = (): IngotError =>
  new IngotError({ code: 'interrupted', message: 'the questions were ended; nothing was written' });

/** Whether a person can be asked: both streams are a terminal. */
export const canAsk = ({ input, stream }: World): boolean => input?.isTTY === true && stream.isTTY;

/**
 * Asks questions as long as `work` runs. The terminal edits the line itself, so this works on every terminal.
 * @throws IngotError interrupted at Ctrl-C and at the end of the input
 */
export async function withQuestions<T>(world: World, work: (ask: AskOne) => Promise<T>): Promise<T> {
  const { input, signal } = world;
  if (input === undefined || signal.aborted) throw ended();
  const reader = createInterface({ input, terminal: false });
  let close = (): void => undefined;
  const closed = new Promise<never>((_, reject) => {
    close = () => {
      reject(ended());
    };
  });
  closed.catch(() => undefined);
  reader.once('close', () => {
    close();
  });
  // readline gives lines that are typed ahead only to listeners.
  const lines: string[] = [];
  let waiting: ((line: string) => void) | undefined;
  reader.on('line', (line) => {
    if (waiting === undefined) lines.push(line);
    else waiting(line);
    waiting = undefined;
  });
  const next = (): Promise<string> =>
    new Promise((resolve) => {
      const line = lines.shift();
      if (line !== undefined) resolve(line);
      else waiting = resolve;
    });
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(ended());
    });
  });
  interrupted.catch(() => undefined);
  try {
    return await work(async (question) => {
      world.err(question);
      return (await Promise.race([next(), closed, interrupted])).trim();
    });
  } finally {
    reader.close();
  }
}
