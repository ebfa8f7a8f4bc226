import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePython } from './node-python.ts';

type Verdict = readonly [leader: string | null, says: string];
type Named = readonly [leader: string | null, why: string | null];
type Elected = readonly [leader: string | null, why: string | null];
interface Asked {
  readonly answers: Readonly<Record<string, Named>>;
  readonly election: Elected;
  readonly own?: string;
}

const [one, two, three] = ['10.0.0.11', '10.0.0.12', '10.0.0.13'] as const;
const names = (leader: string): Named => [`${leader}:5050`, null];
const nobody: Named = [null, null];
const silent: Named = [null, 'connection refused'];
const elects = (leader: string | null): Elected => [leader, null];

const saysOf = (answers: Asked['answers'], master: string): string | null => answers[master]?.[0] ?? null;

function judgedAll(asked: readonly Asked[]): Verdict[] {
  return nodePython(
    `
from ingot_node.cluster_leaders import Election, Named, judge_masters
from ingot_node.elections import Master
def verdict(one):
    leader, why = one["election"]
    election = Election(Master(leader, leader, 5050) if leader else None, why)
    answers = {master: Named(*named) for master, named in one["answers"].items()}
    return judge_masters(list(answers), 5050, answers, election, one.get("own", "10.0.0.11"))
print(json.dumps([verdict(one) for one in json.load(sys.stdin)]))
`,
    asked,
  ) as Verdict[];
}
const judged = (asked: Asked): Verdict => judgedAll([asked])[0] ?? [null, 'no verdict'];
const three3 = (a: Named, b: Named, c: Named) => ({ [one]: a, [two]: b, [three]: c });

describe('a master is elected', () => {
  it('if all masters and ZooKeeper name the same one', () => {
    expect(judged({ answers: three3(names(two), names(two), names(two)), election: elects(two) })).toEqual([
      two,
      `${two} is elected, as reported by ZooKeeper and ${one}, ${two} and ${three}`,
    ]);
  });

  it('in a cluster with one master', () => {
    expect(judged({ answers: { [one]: names(one) }, election: elects(one) })[0]).toBe(one);
  });

  it.each([
    ['is off', silent, `${three} does not answer (connection refused)`],
    ['has just started', nobody, `${three} names nobody`],
  ])('if one of three %s, and that one is named', (_, last, says) => {
    const [leader, said] = judged({ answers: three3(names(one), names(one), last), election: elects(one) });
    expect([leader, said.includes(says)]).toEqual([one, true]);
  });

  it('if a master names the leader by its host name', () => {
    const [leader] = nodePython(`
from ingot_node.cluster_leaders import Election, Named, judge_masters
from ingot_node.elections import Master
election = Election(Master("10.0.0.11", "m1.example.org", 5050))
print(json.dumps(judge_masters(["10.0.0.11"], 5050, {"10.0.0.11": Named("m1.example.org:5050")}, election, "10.0.0.11")))
`) as Verdict;
    expect(leader).toBe(one);
  });
});

describe('no master is elected', () => {
  it('if three masters each name themselves and there is no election', () => {
    const [leader, says] = judged({
      answers: three3(names(one), names(two), names(three)),
      election: elects(null),
    });
    expect(leader).toBeNull();
    expect(says).toBe(
      `${one}, ${two} and ${three} name themselves as leader, and ZooKeeper has no election: ` +
        'each master must run with the --zk of /etc/mesos/zk: check its /flags, correct it and restart it',
    );
  });

  it.each<[string, Asked, string]>([
    ['one master names itself outside of the election', { answers: three3(names(one), names(one), names(three)), election: elects(one) }, `${three} names itself, but ZooKeeper's election names ${one}:5050`], // prettier-ignore
    ['masters and ZooKeeper name different leaders', { answers: three3(names(two), names(two), names(two)), election: elects(one) }, `${one} names ${two}:5050, ${two} names itself and ${three} names ${two}:5050, but ZooKeeper's election names ${one}:5050`], // prettier-ignore
    ['only a minority answers', { answers: three3(names(one), silent, silent), election: elects(one) }, `1 of 3 masters name it, and 2 are needed; ${two} does not answer (connection refused); ${three} does not`], // prettier-ignore
    ['the master of this node does not answer', { answers: three3(silent, names(two), names(two)), election: elects(two) }, `${one} does not name it`], // prettier-ignore
    ['the master of this node knows no leader', { answers: three3(nobody, names(two), names(two)), election: elects(two) }, `${one} does not name it`], // prettier-ignore
    ['the elected master does not answer', { answers: three3(names(two), silent, names(two)), election: elects(two) }, `${two} does not name it`], // prettier-ignore
    ['nobody takes part in the election', { answers: three3(nobody, nobody, silent), election: elects(null) }, `none takes part in ZooKeeper's election; ${one} names nobody`], // prettier-ignore
    ['ZooKeeper does not answer', { answers: three3(nobody, nobody, nobody), election: [null, 'it serves nobody'] }, 'the leader in ZooKeeper is unknown: it serves nobody'], // prettier-ignore
    ['ZooKeeper does not answer, and one master names itself', { answers: { [one]: names(one) }, election: [null, 'refused'] }, `${one} names itself as leader, and the leader in ZooKeeper is unknown (refused)`], // prettier-ignore
    ['the election names a master of another cluster', { answers: three3(names('10.9.9.9'), names('10.9.9.9'), silent), election: elects('10.9.9.9') }, '10.9.9.9:5050, which is not in the list of masters'], // prettier-ignore
  ])('if %s', (_, asked, says) => {
    const [leader, said] = judged(asked);
    expect(leader).toBeNull();
    expect(said).toContain(says);
    expect(said).not.toContain('\n');
  });

  it('if two masters name different leaders, in any combination', () => {
    const answer = fc.constantFrom(names(one), names(two), names(three), nobody, silent);
    const asked = fc.record({
      answers: fc.tuple(answer, answer, answer).map(([a, b, c]) => three3(a, b, c)),
      election: fc.constantFrom(one, two, three, null).map(elects),
      own: fc.constantFrom(one, two, three),
    });
    const all = fc.sample(asked, 2000);
    const verdicts = judgedAll(all);
    all.forEach(({ answers, election, own }, index) => {
      const [leader] = verdicts[index] ?? ['missing'];
      const named = Object.values(answers).flatMap(([each]) => (each === null ? [] : [each]));
      const agreed = new Set(named).size === 1 && election[0] !== null && named[0] === `${election[0]}:5050`;
      const counts = [own, election[0] ?? ''].every((each) => saysOf(answers, each) !== null);
      expect(leader !== null, JSON.stringify(all[index])).toBe(agreed && counts && named.length >= 2);
    });
  });
});

describe('an agent', () => {
  type Said = readonly [registered: boolean, master: string | null, why: string | null];
  const judgedAgent = (agent: Said, election: Elected, named: Named | null = names(one)): Verdict =>
    nodePython(
      `
from ingot_node.cluster_leaders import Agent, Election, Named, judge_agent
from ingot_node.elections import Master
agent, (leader, why), named = json.load(sys.stdin)
election = Election(Master(leader, leader, 5050) if leader else None, why)
print(json.dumps(judge_agent(Agent(*agent), election, Named(*named) if named else None)))
`,
      [agent, election, named],
    ) as Verdict;

  it('is registered with the master that ZooKeeper names', () => {
    expect(judgedAgent([true, one, null], elects(one))).toEqual([
      one,
      `registered with ${one}, which is elected`,
    ]);
  });

  it.each<[string, Parameters<typeof judgedAgent>, string]>([
    ['is not registered', [[false, one, null], elects(one)], `the agent is not registered; it follows ${one}; ZooKeeper's election names ${one}:5050`], // prettier-ignore
    ['is registered with a master that names itself', [[true, two, null], elects(one)], `registered with ${two}, but ZooKeeper's election names ${one}:5050`], // prettier-ignore
    ['is registered while nobody is elected', [[true, two, null], elects(null)], `registered with ${two}, but ZooKeeper's election names nobody`], // prettier-ignore
    ['is registered while ZooKeeper does not answer', [[true, one, null], [null, 'refused']], 'the leader in ZooKeeper is unknown (refused)'], // prettier-ignore
    ['does not name its master', [[true, null, null], elects(one)], 'with a master that it does not name'], // prettier-ignore
    ['does not answer', [[false, null, 'nothing listens'], elects(one)], 'nothing listens'],
    ['is registered with a master that names another one', [[true, one, null], elects(one), names(two)], `but that master names ${two}:5050`], // prettier-ignore
    ['is registered with a master that does not answer', [[true, one, null], elects(one), silent], 'but that master does not answer: connection refused'], // prettier-ignore
  ])('that %s is not healthy, and the message shows why', (_, asked, says) => {
    const [leader, said] = judgedAgent(...asked);
    expect(leader).toBeNull();
    expect(said).toContain(says);
  });
});

describe('the place of an election', () => {
  const place = (url: string) =>
    nodePython(
      `
from ingot_node.elections import place
try: print(json.dumps(place(json.load(sys.stdin))))
except ValueError as error: print(json.dumps(str(error)))
`,
      url,
    );

  it.each([
    ['zk://10.0.0.11:2181,10.0.0.12:2182/mesos\n', [['10.0.0.11', 2181], ['10.0.0.12', 2182]], '/mesos'], // prettier-ignore
    ['zk://user:p:w@m1.example.org/a/b', [['m1.example.org', 2181]], '/a/b'],
  ])('is read from %j', (url, servers, path) => {
    expect(place(url)).toEqual([servers, path]);
  });

  it.each([
    '',
    'zk://10.0.0.11:2181',
    'zk://10.0.0.11:2181/',
    'zk:///mesos',
    '10.0.0.11:2181/mesos',
    'zk://a:b/mesos',
  ])('is refused in %j', (url) => {
    expect(place(url)).toEqual(expect.any(String));
  });
});
