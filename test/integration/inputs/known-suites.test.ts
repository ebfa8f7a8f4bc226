import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { knownSuites } from '../../../src/inputs/known-suites.ts';
import { readPlan } from '../../../src/inputs/read-plan.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { project } from '../built-ingot.ts';

const images = join(project, 'images');

const specOf = (suite: string): string => `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
base: { suite: ${suite} }
mesos: { deb: mesos.deb }
scheduler: none
`;

async function planOf(suite: string) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'cluster.yaml'), specOf(suite));
  await writeFile(join(folder, 'mesos.deb'), '');
  return await readPlan(makeHost(), join(folder, 'cluster.yaml'));
}

test('the suites that ingot knows are the folders of images/suites', async () => {
  expect(await knownSuites(images)).toEqual(['bookworm', 'trixie']);
  expect(await knownSuites(images)).toEqual(readdirSync(join(images, 'suites')).sort());
});

test.each(['sid', 'noble', 'bookworm-backports', '..', 'trixie/slave'])(
  'the suite %s is refused at its place in the spec, and the right ones are named',
  async (suite) => {
    const error = await rejection(planOf(suite));
    expect(error.code).toBe('wrong-spec');
    expect(error.message).toMatch(/cluster\.yaml:3:16: /);
  },
);

test('the error for an unknown suite names those that there are', async () => {
  const error = await rejection(planOf('sid'));
  expect(error.message).toContain('ingot does not know the suite sid');
  expect(error.message).toContain('right: bookworm or trixie');
});

test.each([
  ['bookworm', 'openjdk-17-jre-headless'],
  ['trixie', 'openjdk-21-jre-headless'],
])('a master on %s has the Java of that release and no other', async (suite, java) => {
  const { plan } = await planOf(suite);
  const packages = plan.roles.find(({ role }) => role === 'master')?.packages ?? [];
  expect(packages.filter((name) => name.startsWith('openjdk-'))).toEqual([java]);
});
