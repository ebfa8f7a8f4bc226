import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type KeepReason,
  leaveOut,
  leftOutLines,
  unitPrograms,
} from '../../../../src/bake/compose/leave-out.ts';
import { neededPaths } from '../../../../src/bake/compose/needed-paths.ts';
import type { LeftOut } from '../../../../src/inputs/plan/plan.ts';
import { placeFaults } from '../../../../src/inputs/yaml/place-faults.ts';
import { type SpecFault, SpecFaults } from '../../../../src/inputs/yaml/spec-faults.ts';
import { sampleMaterial } from '../../../samples/stages.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

async function treeWith(files: Readonly<Record<string, string>>): Promise<string> {
  const tree = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  return tree;
}
const development = {
  'usr/include/svn/svn_client.h': 'h'.repeat(3000),
  'usr/include/deep/er/a.h': 'a',
  'usr/lib/x86_64-linux-gnu/libsvn.a': 's'.repeat(2 << 20),
  'usr/lib/x86_64-linux-gnu/libsvn.so.1': 'so',
  'usr/bin/protoc': 'p',
};
const entry = (path: string, index = 0, why = 'nothing is compiled on a node'): LeftOut => ({
  ...{ path, why },
  at: ['slave', 'leaveOut', index],
});
function faultsOf(error: Error): readonly SpecFault[] {
  if (!(error instanceof SpecFaults)) throw error;
  return error.faults;
}
const nothing: KeepReason = () => undefined;
const left = (tree: string, entries: readonly LeftOut[], needed: KeepReason = nothing) =>
  leaveOut({ tree, role: 'slave', leaveOut: entries, needed });

test('files that the spec leaves out are removed with folders that become empty, all others stay, and the image records it with the reason', async () => {
  const tree = await treeWith({ ...development, 'usr/share/kept': '' });
  await left(tree, [entry('/usr/include/**'), entry('/lib/x86_64-linux-gnu/*.a', 1, 'static')]);
  expect(existsSync(join(tree, 'usr/include'))).toBe(false);
  expect(existsSync(join(tree, 'usr/lib/x86_64-linux-gnu/libsvn.a'))).toBe(false);
  for (const path of ['usr/lib/x86_64-linux-gnu/libsvn.so.1', 'usr/bin/protoc', 'usr/share/kept'])
    expect(existsSync(join(tree, path)), path).toBe(true);
  const changes = await readFile(join(tree, '.ingot-changes'), 'utf8');
  expect(leftOutLines(`/usr/bin/su has lost set-user-id\n${changes}`)).toEqual([
    '/usr/include/** is left out (2 files, 3 KiB): nothing is compiled on a node',
    '/lib/x86_64-linux-gnu/*.a is left out (1 file, 2.0 MiB): static',
  ]);
});

test('a link is removed, never its target', async () => {
  const tree = await treeWith(development);
  const victim = await treeWith({ 'kept.h': 'of the host' });
  await symlink(victim, join(tree, 'usr/include/host'));
  await left(tree, [entry('/usr/include/**')]);
  expect(await readFile(join(victim, 'kept.h'), 'utf8')).toBe('of the host');
  expect(existsSync(join(tree, 'usr/include'))).toBe(false);
});

test('a pattern that matches nothing is an error with line and column, and nothing is removed', async () => {
  const tree = await treeWith(development);
  const error = await rejection(left(tree, [entry('/usr/include/**'), entry('/usr/include/svm/*', 1)]));
  const text =
    'slave:\n  leaveOut:\n    - { path: /usr/include/**, why: x }\n    - { path: /usr/include/svm/*, why: x }\n';
  const placed = placeFaults(text, 'cluster.yaml', { code: 'wrong-spec', faults: faultsOf(error) }, '');
  expect(placed.message).toContain('cluster.yaml:4:');
  expect(placed.message).toContain('no package of the slave has such a file');
  expect(existsSync(join(tree, 'usr/include/svn/svn_client.h'))).toBe(true);
});

test('a pattern for a folder without its files is an error that says what to write', async () => {
  const tree = await treeWith(development);
  const error = await rejection(left(tree, [entry('/usr/include/svn')]));
  expect(faultsOf(error)[0]).toMatchObject({ right: '/usr/include/svn/** for what is in it' });
});

test('files that a node needs cannot be left out, and the error says what they are for', async () => {
  const tree = await treeWith({
    ...development,
    'var/lib/dpkg/status': '',
    'usr/share/doc/libsvn1/copyright': '',
    'usr/sbin/agent': '',
    'usr/bin/python3': '',
    'usr/lib/systemd/system/agent.service': '[Service]\nExecStart=-/sbin/agent --flag\n',
  });
  const [role] = sampleMaterial.plan.roles;
  if (role === undefined) throw new Error('the sample has no role');
  const needed = await neededPaths(sampleMaterial.plan, { ...role, unitsOn: ['agent.service'] }, tree);
  for (const [path, says] of [
    ['/var/lib/**', '/var/lib/dpkg/status, which a node needs: the bill of materials'],
    ['/usr/share/doc/**', 'copyright, which a node needs: a licence stays with its program'],
    ['/usr/sbin/*', '/usr/sbin/agent, which agent.service starts'],
    ['/usr/bin/*', '/usr/bin/python3, which a node needs: the programs of ingot'],
  ] as const) {
    const error = await rejection(left(tree, [entry(path)], needed));
    expect(error.message).toContain(`${path}: it would remove `);
    expect(error.message).toContain(says);
  }
  expect(await unitPrograms(tree, ['agent.service'])).toEqual(
    new Map([['/usr/sbin/agent', 'agent.service']]),
  );
  await left(tree, [entry('/usr/include/**')], needed);
});
