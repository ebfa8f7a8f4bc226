import { readFileSync } from 'node:fs';
import type { Head } from '../../src/fleet/answer/head.ts';
import { parseHead } from '../../src/fleet/answer/head.ts';

/** Output of ingot-drift on real overlays (test/integration/images/drift): the lines of one answer. */
const linesOf = (number: number): string[] =>
  readFileSync(new URL(`../../examples/fleet/answers/demo-slave-${number}.json`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

export const answers = {
  golden: linesOf(1),
  /** Drift in /etc/docker/daemon.json and a sysctl. */
  edited: linesOf(2),
  /** Drift in a key of root, and a line in sshd_config. */
  intruded: linesOf(3),
  /** All drift of both. */
  both: linesOf(4),
  /** Its root is not enforced. */
  unverified: linesOf(5),
} as const;
export type Answer = keyof typeof answers;

export const sampleVersion = '20261126-aaaaaaaaaaaa';
export const sampleRootHash = 'c754b8852072beaa90af10a5c5c546187db1dd290c565eb9d03d8f407d037d16';
/** When the samples were taken: the current time of the tests. */
export const sampleTime = Date.UTC(2026, 10, 27, 12);

/** The text of an answer as a node sends it at that time. */
export function answerText(answer: Answer, when = sampleTime): string {
  const [first = '', ...drifts] = answers[answer];
  const at = `${new Date(when).toISOString().slice(0, 19)}Z`;
  return `${[first.replace(/"when": "[^"]*"/, `"when": "${at}"`), ...drifts].join('\n')}\n`;
}

/** The parsed first line of an answer. */
export function headOf(answer: Answer): Head {
  const read = parseHead(answerText(answer).split('\n')[0] ?? '');
  if (!('head' in read)) throw new Error(read.problem);
  return read.head;
}

/** A text as it may arrive: in pieces of this many bytes. */
export async function* inPieces(text: string, bytes: number): AsyncGenerator<Uint8Array, void> {
  const all = Buffer.from(text);
  for (let from = 0; from < all.length; from += bytes)
    yield await Promise.resolve(all.subarray(from, from + bytes));
}
