import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { knownFailures } from '../../../src/failures/catalogue.ts';
import { recognise } from '../../../src/failures/recognise.ts';
import { errorCodes } from '../../../src/host/error-codes.ts';
import { failureSamples, healthyLogs } from '../../samples/failure-samples.ts';
import { fakeWorld } from '../../samples/world.ts';

const project = join(import.meta.dirname, '../../..');
const codes = knownFailures.map(({ code }) => code);

describe('a known failure', () => {
  test.each(failureSamples.map((one) => [one.file, one] as const))(
    'is recognised by its real text: %s',
    (_, { code, error, text }) => {
      expect(recognise(error, [text])?.known.code).toBe(code);
    },
  );

  test.each(
    failureSamples.filter(({ text }) => text.kind === 'console').map((one) => [one.file, one] as const),
  )('of a console is the same if the error shows the end of the console: %s', (_, { code, error, text }) => {
    expect(recognise(error, [{ ...text, kind: 'error' }])?.known.code).toBe(code);
  });

  it('has a code of its own, and at least one real text', () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
    const shown = new Set(failureSamples.map(({ code }) => code));
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
    expect([...shown].filter((code) => !codes.includes(code))).toEqual([]);
  });

  test.each(failureSamples.flatMap(({ source, words, file }) => (source ? [[file, source, words]] : [])))(
    'of ingot itself has words that ingot still prints: %s in %s',
    (file, source = '', words = '') => {
      expect(words.length, file).toBeGreaterThan(8 - 1);
      expect(readFileSync(join(project, source), 'utf8')).toContain(words);
    },
  );

  it('says why and what to do, in sentences', () => {
    for (const { code, title, cause, remedy } of knownFailures) {
      expect(title, code).toMatch(/^[A-Z].*[^.]$/);
      expect(cause, code).toMatch(/^[A-Z].*[.]$/s);
      expect(remedy.length, code).toBeGreaterThan(0);
      for (const one of remedy) expect(one, code).toMatch(/^[A-Z].*[.]$/s);
    }
  });

  it('names only commands of ingot that exist, in their current form', async () => {
    const commands = knownFailures.flatMap(({ cause, remedy }) =>
      [...[cause, ...remedy].join('\n').matchAll(/`ingot ([^`]*)`/g)].map(([, line = '']) => line),
    );
    expect(commands.length).toBeGreaterThan(10);
    // A command without its arguments is only named.
    for (const line of commands.filter((one) => /\.yaml| --|latest/.test(one))) {
      const { world, err } = fakeWorld();
      const ended = await readCommandLine(world, line.split(' '), () => Promise.resolve());
      expect({ line, ended, err: err() }).toEqual({ line, ended: undefined, err: '' });
    }
  });
});

describe('nothing is recognised', () => {
  test.each(healthyLogs.map((log) => [log.name, log] as const))('in %s, where nothing failed', (_, log) => {
    for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[])
      expect(recognise(code, [log])?.known.code).toBeUndefined();
  });

  it('in a text that no failure has', () => {
    const lines = ['everything is as it should be', '0 errors', 'error: no', 'Failed'];
    expect(recognise('command-failed', [{ kind: 'error', name: 'x', lines }])).toBeUndefined();
    expect(recognise('command-failed', [])).toBeUndefined();
  });
});

describe('of several texts', () => {
  const message = { kind: 'error', name: 'the message', lines: ['baking needs root'] } as const;
  const console = { kind: 'console', name: 'console.log', lines: ['No bootable device.'] } as const;

  it('the first one counts, with the line that shows it', () => {
    const lines = ['No bootable device.', 'later', 'No bootable device.', 'end'];
    const found = recognise('node-failed', [message, console]);
    expect(found?.known.code).toBe('not-root');
    expect(recognise('node-failed', [{ ...console, lines }])).toMatchObject({ at: 2, text: { lines } });
  });

  it('a sign counts only in the logs where it means this failure', () => {
    expect(recognise('node-failed', [{ ...console, kind: 'compose' }])).toBeUndefined();
    const full = ['slave: step 60-data failed in do.sh (exit 1): No space left on device'];
    const error = { kind: 'error', name: 'x', lines: full } as const;
    expect(recognise('step-failed', [error])?.known.code).toBe('step-disk-full');
    expect(recognise('command-failed', [error])?.known.code).toBe('disk-full');
  });
});
