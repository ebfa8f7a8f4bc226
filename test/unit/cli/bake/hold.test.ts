import { expect, test } from 'vitest';
import { holdUntilInterrupted } from '../../../../src/cli/bake/hold.ts';

test('what failed is kept until Ctrl-C, whatever fails meanwhile, and says what to type', async () => {
  const abort = new AbortController();
  const lines: string[] = [];
  const hold = holdUntilInterrupted(abort.signal, (line) => lines.push(line));
  let over = 0;
  const held = ['master', 'slave'].map((role) =>
    hold(`ingot shell ${role} shows why`).then(() => (over += 1)),
  );
  await Promise.resolve();
  expect(over).toBe(0);
  expect(lines.join('\n')).toMatch(
    /ingot shell master shows why; kept until Ctrl-C, .*\n.*ingot shell slave/,
  );
  abort.abort();
  await Promise.all(held);
  await hold('the trees');
  expect(lines).toHaveLength(2);
});

test('nothing is kept after Ctrl-C', async () => {
  const lines: string[] = [];
  await holdUntilInterrupted(AbortSignal.abort(), (line) => lines.push(line))('x');
  expect(lines).toEqual([]);
});
