import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aclActions, aclsFault } from '../../../../src/inputs/cluster-spec/mesos/acls.ts';
import { isAuthorized } from '../../../../src/inputs/cluster-spec/mesos/authorized.ts';
import { flagTable, olderNames } from '../../../../src/inputs/cluster-spec/mesos/flag-table.ts';
import { resourcesFault, resourcesText } from '../../../../src/inputs/cluster-spec/mesos/resources.ts';
import { bytesFault, durationSeconds, rateFault } from '../../../../src/inputs/cluster-spec/mesos/scalars.ts';

const standIns = join(import.meta.dirname, '../../../../stand-ins/python');

/** The output of a Python program of the stand-ins, parsed from JSON; it gets `given`. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says what the text prints
function stand<T>(program: string, given: unknown): T {
  const text = `import json, sys\nsys.path.insert(0, ${JSON.stringify(standIns)})\ngiven = json.loads(sys.stdin.read())\n${program}`;
  return JSON.parse(
    execFileSync('python3', ['-B', '-c', text], { input: JSON.stringify(given), encoding: 'utf8' }),
  ) as T;
}

const sampled = <T>(arbitrary: fc.Arbitrary<T>, count = 400): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 14 });
const unit = fc.constantFrom('ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', 'weeks', 's', 'min', '');
const durations = fc
  .tuple(
    fc.oneof(
      fc.nat(5000).map(String),
      fc.double({ min: 0, max: 99, noNaN: true }).map((n) => n.toFixed(2)),
      fc.string({ maxLength: 3 }),
    ),
    unit,
  )
  .map((parts) => parts.join(''));

test('the stand-in’s parser accepts every duration that check accepts, with the same length', () => {
  const given = sampled(durations).filter((text) => durationSeconds(text) !== undefined);
  expect(given.length).toBeGreaterThan(50);
  const found = stand<number[]>(
    'from mesos_stand_in.flags import duration\nprint(json.dumps([duration(one) for one in given]))',
    given,
  );
  found.forEach((seconds, index) => {
    expect(durationSeconds(given[index] ?? '')).toBeCloseTo(seconds, 6);
  });
});

// 3rdparty/stout/tests/duration_tests.cpp and bytes_tests.cpp of Mesos.
test('the values of Mesos’ own tests are parsed in the same way', () => {
  for (const text of ['3ns', '1.5mins', '20hrs', '4secs', '0ns', '3days', '2weeks', '10ms'])
    expect(durationSeconds(text), text).toBeDefined();
  for (const text of ['3', 'secs', '1.5.2mins', '-3mins', '3 secs', '3minutes', '1e3secs'])
    expect(durationSeconds(text), text).toBeUndefined();
  for (const text of ['1B', '1024B', '16KB', '4GB', '1TB']) expect(bytesFault(text), text).toBeUndefined();
  for (const text of ['1024', '1.5GB', '1YB', '-1B', 'GB']) expect(bytesFault(text), text).toBeDefined();
  for (const text of ['1/10mins', '2/3hrs']) expect(rateFault(text), text).toBeUndefined();
  for (const text of ['1/10', '0/1mins', '10mins', '1/2/3mins', '/1mins'])
    expect(rateFault(text), text).toBeDefined();
  // src/tests/resources_tests.cpp and values_tests.cpp.
  const own = [32_768, 60_999] as const;
  for (const text of [
    'cpus:45.55;mem:1000',
    'cpus(role1):2;ports(*):[10000-20000, 30000-32000]',
    'disk:{sda1,sda2}'.replace('disk', 'disks'),
  ])
    expect(resourcesFault(text, own), text).toBeUndefined();
  for (const text of [
    'cpus=45',
    'cpus:',
    'cpus(role:2',
    'ports:[20000-10000]',
    'ports:[1-',
    'cpus:a',
    'cpus:1;cpus:[1-2]',
    '',
  ])
    expect(resourcesFault(text, own), text).toBeDefined();
});

test('the stand-in divides the resources that check accepts in the same way', () => {
  const value = fc.oneof(
    fc.nat(9999).map(String),
    fc.constantFrom('[31000-32000]', '[1-2, 5-9]', '{a,b}', 'x', '[3-1]'),
  );
  const maps = fc.dictionary(fc.constantFrom('cpus', 'mem', 'disk', 'ports', 'bananas', 'cpus(web)'), value, {
    maxKeys: 4,
    minKeys: 1,
  });
  const given = sampled(maps)
    .filter((one) => resourcesFault(one, [32_768, 60_999]) === undefined)
    .map(resourcesText);
  expect(given.length).toBeGreaterThan(20);
  const found = stand<object[]>(
    'from mesos_stand_in.agent_info import parse_pairs\nprint(json.dumps([parse_pairs(one) for one in given]))',
    given,
  );
  expect(found).toHaveLength(given.length);
});

const names = fc.constantFrom('agents', 'marathon', 'web');
const entity = fc.oneof(
  fc.record({ type: fc.constantFrom('ANY', 'NONE') }),
  fc.record({ values: fc.array(names, { minLength: 1, maxLength: 2 }) }),
);
const entries = fc.constantFrom('register_agents', 'run_tasks', 'register_frameworks').chain((action) =>
  fc.array(fc.record({ principals: entity, object: entity }), { maxLength: 3 }).map((all) => ({
    [action]: all.map(({ principals, object }) => ({ principals, [aclActions.get(action) ?? '']: object })),
  })),
);
const acls = fc
  .tuple(entries, entries, fc.boolean())
  .map(([one, two, permissive]) => ({ ...one, ...two, permissive }));

test('the stand-in accepts the ACLs that check accepts, with the same meaning', () => {
  const given = sampled(acls).filter((one) => aclsFault(one) === undefined);
  expect(given.length).toBeGreaterThan(50);
  const found = stand<boolean[][]>(
    `from mesos_stand_in.acls import authorized, load
print(json.dumps([[authorized(load({"acls": json.dumps(one)}), action, "agents", None if action == "register_agents" else "web") for action in ("register_agents", "run_tasks", "register_frameworks")] for one in given]))`,
    given,
  );
  given.forEach((one, index) => {
    const here = [
      ['register_agents', 'agents', undefined],
      ['run_tasks', 'users', 'web'],
      ['register_frameworks', 'roles', 'web'],
    ] as const;
    expect(
      here.map(([action, objectKey, object]) => isAuthorized(one, 'agents', { action, objectKey, object })),
    ).toEqual(found[index]);
  });
});

test('the table of flags is the same as in the stand-ins, which is derived from the real ones', () => {
  const tables = stand<Record<string, string[]>>(
    `from mesos_stand_in.agent_flags import AGENT
from mesos_stand_in.clusterd_flags import CLUSTERD_AGENT, CLUSTERD_MASTER
from mesos_stand_in.master_flags import MASTER
tables = {"mesosphere master": MASTER, "mesosphere agent": AGENT, "clusterd master": CLUSTERD_MASTER, "clusterd agent": CLUSTERD_AGENT}
print(json.dumps({name: sorted({flag.name for flag in table}) for name, table in tables.items()}))`,
    null,
  );
  for (const [name, there] of Object.entries(tables)) {
    const [layout = '', process = ''] = name.split(' ');
    expect([...flagTable(layout, process as 'master').keys()].toSorted(), name).toEqual(there);
  }
  const all = [...flagTable('mesosphere', 'master').keys(), ...flagTable('mesosphere', 'agent').keys()];
  for (const [older, newer] of olderNames) {
    expect(all).not.toContain(older);
    expect(all).toContain(newer);
  }
});
