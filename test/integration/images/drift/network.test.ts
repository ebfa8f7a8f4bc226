import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const modules = path('../../../../node-tools');

it('computed network files are equal to those that cloud-init renders, for any supported cards', async () => {
  const host = makeHost();
  const seed = String(Math.floor(Math.random() * 2 ** 31));
  const { stdout } = await host.run('/usr/bin/python3', [
    ...['-B', path('rendered_networks.py'), modules, seed, '1000'],
  ]);
  expect(stdout.trim(), `seed ${seed}`).toBe('1000');
}, 60_000);
