import { IngotError } from '../src/host/ingot-error.ts';
import type { Line } from './bench.ts';
import type { LineResult } from './result.ts';

export interface FailedLine {
  readonly name: string;
  readonly error: IngotError;
}

export interface MeasureAll {
  readonly measure: (line: Line) => Promise<LineResult>;
  /** Records the result of a line as soon as it is measured. */
  readonly keep: (result: LineResult) => Promise<void>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures lines one after the other. When one fails, the results of the others are kept: they may have taken an hour.
 * @returns the lines that could not be measured
 * @throws the signal's reason, and any error that is not an IngotError
 */
export async function measureAll(lines: readonly Line[], how: MeasureAll): Promise<FailedLine[]> {
  const failed: FailedLine[] = [];
  for (const line of lines) {
    how.signal.throwIfAborted();
    how.say(`${line.name}: ${line.title}`);
    try {
      await how.keep(await how.measure(line));
    } catch (error) {
      how.signal.throwIfAborted();
      if (!(error instanceof IngotError)) throw error;
      how.say(`${line.name}: ${error.message}`);
      failed.push({ name: line.name, error });
    }
  }
  return failed;
}

/** The error at the end of a benchmark in which lines failed. */
export function notMeasured(failed: readonly FailedLine[], file: string, logs: string): IngotError {
  const names = failed.map(({ name }) => name);
  return new IngotError({
    code: 'command-failed',
    message: `${names.join(', ')} could not be measured; the other lines are in ${file}`,
    excerpt: failed.flatMap(({ name, error }) => [
      `${name}: ${error.message}`,
      ...error.excerpt.map((line) => `  ${line}`),
    ]),
    hint: `logs: ${logs}\nmeasure them again: --only ${names.join(' ')}`,
  });
}
