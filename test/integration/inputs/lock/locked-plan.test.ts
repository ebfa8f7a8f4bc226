import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireLockedPackages } from '../../../../src/bake/compose/installed-packages.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import type { ProgressStage } from '../../../../src/host/progress-stage.ts';
import { projectFolder } from '../../../../src/host/project-folder.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import type { Lock } from '../../../../src/inputs/lock/lock.ts';
import { requirementsOf } from '../../../../src/inputs/lock/lock-requirements.ts';
import { type LockedPlan, lockedPlan } from '../../../../src/inputs/locked-plan.ts';
import { makePlan } from '../../../../src/inputs/plan/make-plan.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import { smallSpec } from '../../../samples/spec.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
const progress: ProgressStage = {
  stage: (_title, work) => work(progress),
  note: () => undefined,
  begin: () => ({ ...progress, end: () => undefined }),
};

/** The first steps of a bake of a small spec, with this lock next to it. */
async function begin(
  lockFor: (question: Lock['question']) => Lock | undefined,
  offline: boolean,
  example?: { readonly mayLock: boolean },
): Promise<LockedPlan> {
  const folder = await temporaryFolder();
  const specFile = join(folder, 'cluster.yaml');
  await writeFile(specFile, smallSpec);
  const spec = parseSpec(smallSpec, specFile);
  const images = ['common', 'master', 'slave', 'schedulers/marathon/master'].map((name) => ({
    ...{ name, folder: `/images/${name}`, hasRootfs: false, steps: [] },
  }));
  const rest = { specFolder: folder, images, aptSources: [], epoch: 0, contents: new Map<string, string>() };
  const plan = makePlan({ spec, ...rest });
  const lock = lockFor(requirementsOf(plan, folder));
  const read = { spec, specSha256: 'a'.repeat(64), plan, credentials: [], lock };
  const signal = new AbortController().signal;
  const request = { read, pool: join(folder, 'pool'), offline, signal };
  if (example !== undefined) {
    const named = join(projectFolder, 'examples/cluster.yaml');
    return lockedPlan(host, { ...request, specFile: named, ...example }, progress);
  }
  return lockedPlan(host, { ...request, specFile, mayLock: true }, progress);
}

test('a bake without a lock stops and names the command to run', async () => {
  const error = await rejection(begin(() => undefined, false));
  expect(error.message).toMatch(/cluster\.lock\.json is not there$/);
  expect(error.hint).toMatch(/^run: ingot lock .*cluster\.yaml$/);
  expect(error.exitCode).toBe(2);
});

test('a bake with --locked, and ingot reproduce, create no lock for an example either', async () => {
  const error = await rejection(begin(() => undefined, false, { mayLock: false }));
  expect(error.message).toMatch(/cluster\.lock\.json is not there$/);
  expect(error.exitCode).toBe(2);
});

test('a bake whose lock belongs to another spec stops, and reports what the spec adds and the command to run', async () => {
  const error = await rejection(begin(() => sampleLock(), false));
  expect(error.excerpt).toContain('packages of both roles: - a');
  expect(error.hint).toMatch(/^run: ingot lock /);
  expect(error.exitCode).toBe(2);
});

test('a bake without a network names each package that is missing in the pool', async () => {
  const error = await rejection(begin((question) => sampleLock({}, { question }), true));
  expect(error.excerpt).toEqual(['a 1.0-1 (from bookworm) is not in the pool']);
  expect(error.hint).toContain('without a network: ingot lock import SPEC FILE');
  expect(error.exitCode).toBe(2);
});

test('a bake takes its date from the lock', async () => {
  const empty = { shared: [], master: [], slave: [] };
  const { plan, made } = await begin((question) => sampleLock(empty, { question }), true);
  expect(plan.epoch).toBe(Date.UTC(2026, 10, 21, 2, 10, 46) / 1000);
  expect(made).toBe(false);
});

test('a tree whose packages differ from the lock is refused, and each difference is named', async () => {
  const tree = await temporaryFolder();
  await mkdir(join(tree, 'var/lib/dpkg'), { recursive: true });
  const stanza = (name: string, version: string, status: string) =>
    `Package: ${name}\nStatus: ${status}\nMaintainer: x <x@example.org>\nArchitecture: amd64\nVersion: ${version}\nDescription: x\n`;
  await writeFile(
    join(tree, 'var/lib/dpkg/status'),
    [
      stanza('same', '1.0-1', 'install ok installed'),
      stanza('other', '2.0-1', 'install ok installed'),
      stanza('half', '1.0-1', 'install ok unpacked'),
    ].join('\n'),
  );
  const shared = ['same', 'other', 'half', 'missing'].map((name) => lockedPackage(name));
  const lock = sampleLock({ shared });
  const error = await rejection(requireLockedPackages(host, tree, lock, ['shared']));
  expect(error.excerpt.toSorted()).toEqual([
    'in the lock only: half 1.0-1 amd64',
    'in the lock only: missing 1.0-1 amd64',
    'in the lock only: other 1.0-1 amd64',
    'in the tree only: half 1.0-1 amd64 (iU)',
    'in the tree only: other 2.0-1 amd64',
  ]);
  const right = sampleLock({ shared: [lockedPackage('same')] });
  expect((await rejection(requireLockedPackages(host, tree, right, ['shared']))).excerpt).toHaveLength(2);
});
