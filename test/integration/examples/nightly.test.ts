import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { environment } from '../../../src/cli/environment.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const host = makeHost();
const source = (name: string) => join(project, 'examples/nightly', name);
const service = readFileSync(source('ingot-nightly.service'), 'utf8');
const valuesOf = (name: string) =>
  [...service.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, one = '']) => one);

/** The units in a folder of their own, with a program that this host has in place of ingot. */
async function units(): Promise<string[]> {
  const folder = await temporaryFolder();
  return Promise.all(
    ['ingot-nightly.service', 'ingot-nightly.timer'].map(async (name) => {
      const file = join(folder, name);
      await writeFile(file, (await readFile(source(name), 'utf8')).replace('/usr/bin/ingot', '/bin/true'));
      return file;
    }),
  );
}

test('systemd reads both units without a complaint', async () => {
  const { stdout, stderr } = await host.run('systemd-analyze', ['verify', '--man=no', ...(await units())]);
  expect(stdout + stderr).toBe('');
});

test('systemd rates what the service may do as no worse than 7.5 of 10', async () => {
  const [file = ''] = await units();
  await host.run('systemd-analyze', ['security', '--offline=true', '--threshold=75', file]);
});

test('the service runs a command line that ingot has, with variables that ingot reads', async () => {
  const [line = ''] = valuesOf('ExecStart');
  const { world, err } = fakeWorld();
  const ended = await readCommandLine(world, line.split(' ').slice(1), () => Promise.resolve());
  expect({ ended, err: err() }).toEqual({ ended: undefined, err: '' });
  const variables = valuesOf('Environment').flatMap((text) =>
    text.split(' ').map((one) => one.split('=')[0]),
  );
  for (const name of variables) expect(environment.map((one) => one.name)).toContain(name);
});

test('everything that the service names for writing, it may write', () => {
  const writable = [
    ...valuesOf('ReadWritePaths'),
    ...valuesOf('CacheDirectory').map((name) => `/var/cache/${name}`),
  ];
  const paths = [
    ...valuesOf('WorkingDirectory'),
    ...valuesOf('Environment').flatMap((text) => text.match(/\/[^ ]+/g) ?? []),
  ];
  for (const path of paths)
    expect(writable.some((one) => path === one || path.startsWith(`${one}/`))).toBe(true);
});
