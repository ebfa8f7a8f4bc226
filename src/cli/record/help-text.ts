import type { Example } from './command-record.ts';

/** A summary as the first sentence of a help. */
export const sentence = (summary: string): string => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;

/**
 * The examples at the end of a command's help, each followed by its explanation, or with it below if the line is long.
 */
export function examplesText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.flatMap(({ line, does }) =>
    width > 60 ? [`  # ${does}`, `  ${line}`] : [`  ${line.padEnd(width)}  # ${does}`],
  );
  return ['', 'Examples:', ...lines].join('\n');
}
