import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDigest } from '../../../src/fleet/answer/digest.ts';
import { answerText, sampleRootHash, sampleVersion } from '../../samples/fleet.ts';
import { type CopiedStore, versions, withStore } from './channel-store.ts';

const sign = ['--sign', 'release.pem'];
const [before, after] = [0, 1] as const;
const names = Array.from({ length: 10 }, (_, index) => `node-${String(index)}`);

/** Lets nodes answer: those that are named run the new version, the others the one from before. */
async function answer({ folder }: CopiedStore, moved: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'answers'), { recursive: true });
  for (const name of names) {
    const { version, rootHash } = versions[moved.includes(name) ? after : before];
    const text = answerText('golden', Date.now())
      .replaceAll(sampleVersion, version)
      .replaceAll(sampleRootHash, rootHash);
    const head = JSON.parse(text) as Parameters<typeof nodeDigest>[0];
    const own = JSON.stringify({ ...head, digest: nodeDigest(head) });
    await writeFile(join(folder, 'answers', `${name}.json`), `${own}\n`);
  }
}

/** The state of each node by ingot drift, and its exit status. */
async function drift({ ingot }: CopiedStore) {
  const args = ['drift', 'fleet.yaml', '--channel', 'candidate', '--key', 'release.pub.pem', '--json'];
  const { exitCode, out } = await ingot(...args);
  const { groups } = JSON.parse(out) as { groups: { state: string; nodes: string[] }[] };
  const states = new Map(groups.flatMap(({ state, nodes }) => nodes.map((node) => [node, state] as const)));
  return { exitCode, states };
}

test('ingot drift --channel during waves: what the running wave has not reached is behind, earlier waves have to be done', () =>
  withStore(async (store) => {
    await writeFile(
      join(store.folder, 'fleet.yaml'),
      `nodes:\n  - folder: answers\n    role: slave\n    nodes: [${names.join(', ')}]\n`,
    );
    await store.ingot('promote', versions[before].version, 'candidate', ...sign);
    await answer(store, []);
    const wave = (percent: string) =>
      store.ingot(
        ...['promote', versions[after].version, 'candidate', ...sign, '--wave', percent],
        ...['--inventory', 'fleet.yaml', '--json'],
      );
    const nodesOf = ({ out }: { out: string }) =>
      (JSON.parse(out) as { wave: { nodes: string[] } }).wave.nodes;
    const first = nodesOf(await wave('20'));
    expect(first).toHaveLength(2);
    // Nobody has moved yet: all are behind, which is no difference.
    expect(await drift(store)).toEqual({ exitCode: 0, states: new Map(names.map((one) => [one, 'behind'])) });

    await answer(store, first);
    const moved = await drift(store);
    expect(moved.exitCode).toBe(0);
    for (const one of names) expect(moved.states.get(one)).toBe(first.includes(one) ? 'golden' : 'behind');

    // The second wave begins; then a node of the first is back at the version from before.
    await wave('50');
    const [lost = ''] = first;
    await answer(store, first.slice(1));
    const back = await drift(store);
    expect(back.exitCode).toBe(3);
    expect(back.states.get(lost)).toBe('wrong version');
    expect([...back.states.values()].filter((state) => state === 'behind')).toHaveLength(8);
  }));
