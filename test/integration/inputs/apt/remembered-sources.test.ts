import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../../../src/host/host.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { hostAptSources } from '../../../../src/inputs/apt/apt-sources.ts';
import { rememberedAptSources } from '../../../../src/inputs/apt/remembered-sources.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

/** The real host, which counts how many programs it runs. */
function countingHost(): { host: Host; asked: () => number } {
  const real = makeHost();
  let count = 0;
  const run: Host['run'] = (...call) => {
    count++;
    return real.run(...call);
  };
  return { host: { ...real, run }, asked: () => count };
}

test('apt is run once, and again when one of its sources or settings changes', async () => {
  const folder = await temporaryFolder();
  const etc = join(folder, 'etc');
  await mkdir(join(etc, 'sources.list.d'), { recursive: true });
  const { host, asked } = countingHost();
  const sources = () =>
    rememberedAptSources(host, 'bookworm', 'amd64', { folder: join(folder, 'remembered'), etc });
  const first = await sources();
  expect(first).toEqual(await hostAptSources(makeHost(), 'bookworm', 'amd64'));
  expect(await sources()).toEqual(first);
  expect(asked()).toBe(1);
  await writeFile(join(etc, 'sources.list.d', 'more.sources'), 'Types: deb\n');
  expect(await sources()).toEqual(first);
  expect(asked()).toBe(2);
  expect(await readdir(join(folder, 'remembered'))).toHaveLength(2);
});

test('apt is run each time where nothing can be stored', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const { host, asked } = countingHost();
  for (let time = 0; time < 2; time++)
    await rememberedAptSources(host, 'bookworm', 'amd64', { folder: join(folder, 'file', 'below') });
  expect(asked()).toBe(2);
});
