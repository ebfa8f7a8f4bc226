import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { makeSshKey } from '../../../src/vm/ssh-key.ts';

test('an SSH key is an ed25519 key that only its owner may read, created new each time, and leaves no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-key-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const host = makeHost();
  const file = join(folder, 'key');
  const first = await makeSshKey(host, file);
  expect(first.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ ingot$/);
  expect((await stat(first.privateKeyFile)).mode & 0o777).toBe(0o600);

  const second = await makeSshKey(host, file); // as after a killed run
  expect(second.publicKey).not.toBe(first.publicKey);
  const derived = await host.run('ssh-keygen', ['-y', '-f', second.privateKeyFile]);
  expect(derived.stdout.trim()).toBe(second.publicKey);

  await second.remove();
  await second.remove();
  expect(await readdir(folder)).toEqual([]);
});
