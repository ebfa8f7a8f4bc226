import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogKind } from '../../src/failures/known-failure.ts';
import type { FailureText } from '../../src/failures/recognise.ts';
import type { ErrorCode } from '../../src/host/ingot-error.ts';
import { plainLines } from '../../src/host/plain-text.ts';

/** The real text of a failure: a file CODE.WHERE.txt of test/samples/failures/. */
export interface FailureSample {
  readonly file: string;
  /** The code of the known failure that it has to be recognised as. */
  readonly code: string;
  readonly error: ErrorCode;
  /** The program and its version that printed it. */
  readonly from: string;
  /** A file of this repository that prints the words; only for texts of ingot itself. */
  readonly source: string | undefined;
  readonly words: string | undefined;
  readonly text: FailureText;
}

const folder = join(import.meta.dirname, 'failures');

function sample(file: string): FailureSample {
  const [head = '', ...body] = readFileSync(join(folder, file), 'utf8').split('\n---\n');
  const value = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1];
  return {
    file,
    code: file.split('.')[0] ?? '',
    error: value('error') as ErrorCode,
    from: value('from') ?? '',
    source: value('source'),
    words: value('words'),
    text: { kind: value('kind') as LogKind, name: file, lines: plainLines(body.join('\n---\n')) },
  };
}

/** All samples. */
export const failureSamples: readonly FailureSample[] = readdirSync(folder).sort().map(sample);

const kinds: readonly (readonly [RegExp, LogKind])[] = [
  [/^console-/, 'console'],
  [/^compose-/, 'compose'],
  [/^qemu-/, 'qemu'],
  [/^packer/, 'packer'],
  [/^journal-/, 'journal'],
];

/** The logs of a bake, a boot test and a rehearsal in which nothing failed. */
export const healthyLogs: readonly FailureText[] = readdirSync(join(import.meta.dirname, 'healthy')).map(
  (name) => ({
    kind: kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'error',
    name,
    lines: plainLines(readFileSync(join(import.meta.dirname, 'healthy', name), 'utf8')),
  }),
);
