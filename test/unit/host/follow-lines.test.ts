import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { followLines } from '../../../src/host/follow-lines.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

/** Follows a file; `add` is called before each look at it, until it returns false. */
async function followed(file: string, ...adds: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  const left = [...adds];
  const isOver = async (): Promise<boolean> => {
    const add = left.shift();
    await add?.();
    return add === undefined;
  };
  const lines: string[] = [];
  for await (const line of followLines(file, { signal: new AbortController().signal, isOver }))
    lines.push(line);
  return lines;
}

describe('the lines of a file that is being written', () => {
  test('are those that it has, and those that come, each whole', async () => {
    const file = join(await temporaryFolder(), 'log');
    await writeFile(file, 'one\ntw');
    const lines = await followed(
      file,
      () => Promise.resolve(),
      () => appendFile(file, 'o\nthr'),
      () => appendFile(file, 'ee\n\nend'),
    );
    expect(lines).toEqual(['one', 'two', 'three', '', 'end']);
  });

  test('may come late: the file need not exist', async () => {
    const file = join(await temporaryFolder(), 'log');
    expect(
      await followed(
        file,
        () => Promise.resolve(),
        () => writeFile(file, 'first\n'),
      ),
    ).toEqual(['first']);
    expect(await followed(`${file}-never`)).toEqual([]);
  });

  test('are not mangled where a character is written in two parts, nor where the file is large', async () => {
    const file = join(await temporaryFolder(), 'log');
    const [first = 0, second = 0] = Buffer.from('é');
    await writeFile(file, Buffer.from([first]));
    const large = 'x'.repeat(3 * 1024 * 1024);
    const lines = await followed(
      file,
      () => Promise.resolve(),
      () => appendFile(file, Buffer.concat([Buffer.from([second]), Buffer.from(`\n${large}\nend\n`)])),
    );
    expect(lines.map((line) => line.length)).toEqual([1, large.length, 3]);
    expect(lines[0]).toBe('é');
  });

  test('go on after the file was cut, as a console is that became too large', async () => {
    const file = join(await temporaryFolder(), 'log');
    await writeFile(file, 'old\nlines\n');
    const lines = await followed(
      file,
      () => Promise.resolve(),
      () => truncate(file, 4),
      () => appendFile(file, 'new\n'),
    );
    expect(lines).toEqual(['old', 'lines', 'new']);
  });

  test('end at once with the signal', async () => {
    const file = join(await temporaryFolder(), 'log');
    await writeFile(file, 'one\n');
    const abort = new AbortController();
    const lines: string[] = [];
    const following = { signal: abort.signal, isOver: () => Promise.resolve(false) };
    for await (const line of followLines(file, following)) {
      lines.push(line);
      abort.abort();
    }
    expect(lines).toEqual(['one']);
  });
});
