import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { follow } from '../../../src/rehearse/follow.ts';
import type { Machine } from '../../../src/rehearse/machine.ts';
import { masterPlaces } from '../../../src/rehearse/place.ts';
import { healthySample } from '../../samples/node-samples.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { localSsh, nowhere } from '../boot-test/local-ssh.ts';

const [place] = masterPlaces(3);
if (place === undefined) throw new Error('three places are three');
const line = JSON.stringify(healthySample(place));
/** A watcher that reports twice and then loses its connection. */
const watcher = `print('''${line}'''); print("something else"); print('''${line}''')`;

async function machine(console = ''): Promise<Machine> {
  const folder = await temporaryFolder();
  appendFileSync(join(folder, 'console.log'), console);
  return { place, ssh: nowhere, console: join(folder, 'console.log') } as unknown as Machine;
}

describe('following a node', () => {
  test('begins again when the connection is lost, until the machine is off', async () => {
    const off = new AbortController();
    const samples: number[] = [];
    let lost = 0;
    await follow(localSsh(), {
      machine: await machine(),
      watcher,
      signal: off.signal,
      onSample: (sample) => {
        samples.push(sample.at);
      },
      onLost: () => {
        lost += 1;
        if (lost === 2) off.abort();
      },
    });
    expect(samples).toEqual([1000, 1000, 1000, 1000]);
  });

  test('reports the last message of ssh about a node that it does not reach', async () => {
    const off = new AbortController();
    const lost: string[] = [];
    await follow(
      localSsh(() => 255),
      {
        machine: await machine(),
        watcher,
        signal: off.signal,
        onSample: () => undefined,
        onLost: (said) => {
          lost.push(said);
          off.abort();
        },
      },
    );
    expect(lost).toEqual(['nothing forwards to its sshd: QEMU has ended, or never listened']);
  });

  test('fails when the console shows that the node refuses to boot', async () => {
    const error = await rejection(
      follow(
        localSsh(() => 255),
        {
          machine: await machine('Linux\ningot: refusing to boot: the root is damaged\n'),
          watcher,
          signal: new AbortController().signal,
          onSample: () => undefined,
          onLost: () => undefined,
        },
      ),
    );
    expect(error.message).toBe('master-1: the initrd refused to boot: the root is damaged; its console:');
    expect(error.excerpt.join('\n')).toContain('the root is damaged');
  });
});
