import { describe, expect, it } from 'vitest';
import { adoptPlace } from '../../../src/fleet/advice.ts';
import { type CompleteAnswer, readCompleteAnswer } from '../../../src/fleet/answer/read-answer.ts';
import { explainGroups } from '../../../src/fleet/explain-fleet.ts';
import { explanationOf, imagePaths } from '../../../src/fleet/explanation.ts';
import type { NodeGroup } from '../../../src/fleet/judge-fleet.ts';
import type { QueryFailure } from '../../../src/fleet/query-node.ts';
import { type Answer, answerText, headOf, inPieces } from '../../samples/fleet.ts';

type Drifting = NodeGroup & { readonly head: NonNullable<NodeGroup['head']> };
const group = (answer: Answer, ...nodes: string[]): Drifting => ({
  state: 'drifted',
  nodes,
  head: headOf(answer),
});
const wholeOf = async (answer: Answer): Promise<CompleteAnswer> => {
  const read = await readCompleteAnswer(inPieces(answerText(answer), 1000));
  if (!('parts' in read)) throw new Error(read.problem);
  return read;
};
const cut: QueryFailure = { kind: 'partial', why: 'cut' };

/** Explains groups with the given answers. Returns the explanations and the nodes that were queried. */
async function explain(groups: readonly Drifting[], said: Readonly<Record<string, Answer | undefined>>) {
  const asked: string[] = [];
  const found = await explainGroups(groups, {
    parallel: 4,
    whole: async (name) => {
      asked.push(name);
      const answer = said[name];
      return answer === undefined ? cut : wholeOf(answer);
    },
  });
  return { ...found, asked: asked.toSorted() };
}
const paths = (answer: Answer, parts: Parameters<typeof explanationOf>[1]) =>
  explanationOf(headOf(answer), parts, undefined)?.drifts.map(({ path }) => path);

describe('drift that nodes share', () => {
  it('is explained by one of them, however many there are', async () => {
    const nodes = Array.from({ length: 500 }, (_, index) => `n${String(index)}`);
    const { asked, parts } = await explain([group('edited', ...nodes)], { n0: 'edited' });
    expect(asked).toEqual(['n0']);
    expect(paths('edited', parts)).toEqual(['/etc/docker/daemon.json', 'sysctl:vm.swappiness']);
  });

  it('is not queried if the trees show that it is the drift of other groups combined', async () => {
    const groups = [group('edited', 'n1', 'n2'), group('intruded', 'n3'), group('both', 'n4')];
    const { asked, parts } = await explain(groups, { n1: 'edited', n3: 'intruded' });
    expect(asked).toEqual(['n1', 'n3']);
    expect(paths('both', parts)).toHaveLength(4);
  });

  it("is queried from the next node if one does not give a complete answer, and the explanation is that node's", async () => {
    const { asked, parts, newer } = await explain([group('both', 'n1', 'n2', 'n3', 'n4')], { n3: 'both' });
    expect(asked).toEqual(['n1', 'n2', 'n3']);
    expect([...newer]).toEqual([
      ['n1', cut],
      ['n2', cut],
    ]);
    expect(paths('both', parts)).toHaveLength(4);
  });

  it('is queried after all if the nodes that could have explained it did not answer', async () => {
    const groups = [group('edited', 'n1'), group('intruded', 'n2'), group('both', 'n3')];
    const { asked, parts } = await explain(groups, { n2: 'intruded', n3: 'both' });
    expect(asked).toEqual(['n1', 'n2', 'n3']);
    expect(paths('edited', parts)).toHaveLength(2);
  });

  it('that has changed in the meantime is reported in its current state', async () => {
    const { newer, parts } = await explain([group('edited', 'n1')], { n1: 'intruded' });
    expect(newer.get('n1')).toMatchObject({ head: { digest: headOf('intruded').digest } });
    expect(paths('edited', parts)).toBeUndefined();
  });
});

describe('the origin of a drift, and what to do', () => {
  it('is the package or the folder of images/, and one of three actions', async () => {
    const { parts } = await wholeOf('both');
    const origins = new Map([
      ['/etc/ssh/sshd_config', { packages: ['openssh-server'], guest: false, layers: [] }],
      ['/etc/docker/daemon.json', { packages: [], guest: false, layers: ['/srv/ingot/images/slave/rootfs'] }],
      ['/root/.ssh/authorized_keys', { packages: [], guest: false, layers: [] }],
    ]);
    const drifts = explanationOf(headOf('both'), parts, origins)?.drifts ?? [];
    expect(drifts.map(({ path, owner, action }) => [path, owner, action])).toEqual([
      ['/etc/docker/daemon.json', 'images/slave/rootfs', 'adopt'],
      ['/etc/ssh/sshd_config', 'package openssh-server', 'investigate'],
      ['/root/.ssh/authorized_keys', 'not part of the image', 'investigate'],
      ['sysctl:vm.swappiness', 'no file', 'reboot'],
    ]);
    expect(drifts[0]?.advice).toContain('images/slave/rootfs/etc/docker/daemon.json');
  });

  it('is a file of node-tools/, by its path in the project, for a changed program of ingot', () => {
    const place = (path: string, layer: string) => adoptPlace(path, 'slave', [layer]);
    const module = '/usr/lib/ingot/ingot_node/drift/patterns.py';
    expect(place(module, 'node-tools/ingot_node')).toBe('node-tools/ingot_node/drift/patterns.py');
    expect(place('/usr/bin/ingot-drift', 'node-tools/programs/common')).toBe(
      'node-tools/programs/common/usr/bin/ingot-drift',
    );
  });

  it('does not come from the node, because an intruder may have written its hint', async () => {
    const { parts } = await wholeOf('edited');
    expect(JSON.stringify(explanationOf(headOf('edited'), parts, undefined))).not.toContain('sysctl -w');
  });

  it.each([
    ['/etc/passwd:toor', ['/etc/passwd:toor', '/etc/passwd']],
    [
      'unit:getty@tty1.service',
      ['/usr/lib/systemd/system/getty@.service', '/etc/systemd/system/getty@.service'],
    ],
    ['process:/usr/bin/x:LD_PRELOAD', ['/usr/bin/x']],
    ['sysctl:vm.swappiness', []],
  ])('%s may belong to %j', (path, of) => {
    expect(imagePaths({ path })).toEqual(of);
  });
});
