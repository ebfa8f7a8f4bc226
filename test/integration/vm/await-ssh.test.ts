import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { awaitSsh, type BootWatch } from '../../../src/vm/await-ssh.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { localSsh, nowhere } from '../boot-test/local-ssh.ts';

const refused = () => 255;

/** A watch over a replacement for a booting machine, with a console. */
async function watching(console: string, program: readonly [string, ...string[]], limitSeconds = 30) {
  const file = join(await temporaryFolder(), 'console.log');
  await writeFile(file, console);
  const [name, ...args] = program;
  const node = await makeHost().start(name, args);
  onTestFinished(() => node.end({ signal: 'SIGKILL' }));
  const watch: BootWatch = {
    name: 'master',
    node,
    ssh: nowhere,
    console: file,
    qemuLog: `${file}.qemu`,
    limitSeconds,
  };
  return { watch, file };
}

describe('waiting for a booted node', () => {
  test('ends when ssh answers, and shows the last line of the console until then', async () => {
    const { watch } = await watching('[ 1.0] first\n[ 2.0] second\n', ['sleep', '60']);
    const answers = [255, undefined];
    const shown: string[] = [];
    const onLine = (line: string) => shown.push(line);
    const milliseconds = await awaitSsh(
      localSsh(() => answers.shift()),
      { ...watch, onLine },
    );
    expect(milliseconds).toBeGreaterThanOrEqual(900);
    expect(shown).toEqual(['[ 2.0] second']);
  });

  test.each([
    ['ends by itself', 'boot\n', ['true'], 30, 'master: the machine ended before it answered'],
    [
      'refuses',
      'x\ningot: refusing to boot: wrong hash\n',
      ['sleep', '60'],
      30,
      'master: the initrd refused to boot: wrong hash',
    ],
    [
      'says nothing',
      'boot\n',
      ['sleep', '60'],
      0.5,
      'master: ssh did not answer within 0.5 s: nothing forwards to its sshd: QEMU has ended, or never listened',
    ],
  ] as const)('fails when the machine %s, with its console', async (_, console, program, limit, message) => {
    const { watch, file } = await watching(console, program, limit);
    if (program[0] === 'true') await watch.node.ended;
    const error = await rejection(awaitSsh(localSsh(refused), watch));
    expect(error.code).toBe('node-failed');
    expect(error.message).toBe(`${message}; the last lines of its console:`);
    expect(error.excerpt.at(-1)).toBe(console.trim().split('\n').at(-1));
    expect(error.hint).toBe(`the whole console: ${file}`);
  });

  test("reports QEMU's message about a machine that did not start", async () => {
    const { watch } = await watching('', ['true']);
    await watch.node.ended;
    await writeFile(watch.qemuLog, 'qemu-system-x86_64: failed to initialize kvm: Permission denied\n');
    const error = await rejection(awaitSsh(localSsh(refused), watch));
    expect(error.excerpt).toEqual(['QEMU: qemu-system-x86_64: failed to initialize kvm: Permission denied']);
  });

  test('ends at once when it is interrupted, with the reason', async () => {
    const { watch } = await watching('boot\n', ['sleep', '60']);
    const stop = new AbortController();
    const reason = new IngotError({ code: 'interrupted', message: 'interrupted by SIGINT' });
    const onLine = () =>
      setTimeout(() => {
        stop.abort(reason);
      }, 50);
    expect(await rejection(awaitSsh(localSsh(refused), { ...watch, signal: stop.signal, onLine }))).toBe(
      reason,
    );
  });
});
