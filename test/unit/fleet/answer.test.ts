import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCodePoint } from '../../../src/fleet/answer/code-point-order.ts';
import { readCompleteAnswer, readHead } from '../../../src/fleet/answer/read-answer.ts';
import {
  type Answer,
  answers,
  answerText,
  inPieces,
  sampleRootHash,
  sampleVersion,
} from '../../samples/fleet.ts';

const names = Object.keys(answers) as Answer[];
const whole = (text: string, bytes = 100) => readCompleteAnswer(inPieces(text, bytes));
const head = (text: string, bytes = 100) => readHead(inPieces(text, bytes));

/** An answer with a changed first line. */
function altered(answer: Answer, change: Record<string, unknown>): string {
  const [first = '', ...drifts] = answers[answer];
  const line = { ...(JSON.parse(first) as Record<string, unknown>), ...change };
  return `${[JSON.stringify(line), ...drifts].join('\n')}\n`;
}

describe('the answer of a node', () => {
  it.each(names)(
    'is read as ingot-drift wrote it, in pieces of any size, and its digests are computed again: %s',
    async (name) => {
      for (const bytes of [1, 7, 4096, 1 << 20]) {
        const read = await whole(answerText(name), bytes);
        expect(read).not.toHaveProperty('problem');
        if ('parts' in read)
          expect([...read.parts.values()].flatMap(({ drifts }) => drifts)).toHaveLength(read.head.drift);
      }
      expect(await head(answerText(name))).toMatchObject({
        head: {
          role: 'slave',
          version: sampleVersion,
          rootHash: sampleRootHash,
          verified: name !== 'unverified',
        },
      });
    },
  );

  it('is read only up to its first line if that is enough', async () => {
    let pieces = 0;
    async function* counted() {
      for await (const piece of inPieces(answerText('both'), 64)) {
        pieces += 1;
        yield piece;
      }
    }
    await readHead(counted());
    expect(pieces).toBeLessThan(answerText('both').length / 64 / 1.5);
  });

  it('that is cut off anywhere is not complete, and never golden', async () => {
    const text = answerText('both');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: text.length - 1 }), async (end) => {
        expect(await whole(text.slice(0, end))).toMatchObject({
          nothing: false,
          problem: expect.any(String) as string,
        });
      }),
    );
    expect(await whole('')).toMatchObject({ nothing: true });
    expect(await head(answerText('golden').slice(0, -1))).toMatchObject({
      problem: 'its first line is cut off',
    });
  });

  it.each([
    ['another format', { schema: 3 }, 'use the version that baked its image'],
    [
      'another version under the same digest',
      { version: '20261122-bbbbbbbbbbbb' },
      'does not match its content',
    ],
    ['a verified root under the digest of another', { verified: true }, 'does not match its content'],
    ['a tree that hides a drift', { tree: {} }, 'does not match its content'],
    ['an invalid time', { when: 'now' }, 'when'],
    ['a count that is not a number', { drift: 'none' }, 'drift'],
    ['an invalid digest', { digest: '\u001b[2J' }, 'digest'],
  ])('with %s is refused', async (_, change, problem) => {
    const read = await head(altered('unverified', change));
    expect(read).toMatchObject({ problem: expect.stringContaining(problem) as string });
    expect(JSON.stringify(read)).not.toContain('\\u001b');
  });

  it('is refused if its lines do not match its first line', async () => {
    const [first = '', one = '', ...others] = answerText('both').trimEnd().split('\n');
    const lie = (lines: string[]) => whole(`${[first, ...lines].join('\n')}\n`);
    expect(
      await lie([one.replace('critical', 'warning').replace('/etc/docker', '/etc/docken'), ...others]),
    ).toMatchObject({ problem: 'its lines do not match its digest' });
    expect(await lie(others)).toMatchObject({ problem: 'it ends after 3 of 4 drifts' });
    expect(await lie([one, one, ...others])).toMatchObject({
      problem: 'it has more than the 4 drifts that it counts',
    });
    expect(await lie(['{}', ...others])).toMatchObject({ problem: 'its line 2 is not understood' });
  });

  it('that reports no drift but then continues is refused', async () => {
    expect(await head(`${answerText('golden')}{}\n`)).toMatchObject({
      problem: expect.stringContaining('more lines follow') as string,
    });
  });

  it('is not kept in memory beyond its limits: a line without an end, and lines without an end', async () => {
    async function* endless(piece: string) {
      const bytes = Buffer.from(piece);
      for (;;) yield await Promise.resolve(bytes);
    }
    expect(await readHead(endless('x'.repeat(4096)))).toMatchObject({
      problem: expect.stringContaining('longer') as string,
    });
    const [first = ''] = altered('both', {}).split('\n');
    async function* longAnswer() {
      yield Buffer.from(`${first}\n`);
      yield* endless(`${answers.both[1] ?? ''}\n`);
    }
    expect(await readCompleteAnswer(longAnswer())).toHaveProperty('problem');
  });

  it('may be any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        async function* once() {
          yield await Promise.resolve(bytes);
        }
        expect(await readCompleteAnswer(once())).toHaveProperty('problem');
      }),
    );
  });
});

it('text is sorted as Python does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const points = (text: string) =>
        Array.from(text, (one) => (one.codePointAt(0) ?? 0).toString(16).padStart(6, '0'));
      const [one, other] = [points(a).join(''), points(b).join('')];
      expect(Math.sign(byCodePoint(a, b))).toBe(one < other ? -1 : one > other ? 1 : 0);
    }),
  );
});
