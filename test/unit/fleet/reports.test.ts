import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportText } from '../../../src/diff/report-text.ts';
import { readCompleteAnswer } from '../../../src/fleet/answer/read-answer.ts';
import { explanationOf } from '../../../src/fleet/explanation.ts';
import type { FleetResult } from '../../../src/fleet/fleet-result.ts';
import type { Golden } from '../../../src/fleet/golden.ts';
import { type AnsweredNode, judgeFleet } from '../../../src/fleet/judge-fleet.ts';
import { fleetJson } from '../../../src/fleet/report/fleet-json.ts';
import { fleetJunit } from '../../../src/fleet/report/fleet-junit.ts';
import { fleetReport } from '../../../src/fleet/report/fleet-report.ts';
import { namesText, nodeText } from '../../../src/fleet/report/node-text.ts';
import { headKey, SharedHeads } from '../../../src/fleet/shared-heads.ts';
import { numberText } from '../../../src/host/count-text.ts';
import { fleetPage } from '../../../src/report/fleet/fleet-page.tsx';
import {
  type Answer,
  answerText,
  headOf,
  inPieces,
  sampleRootHash,
  sampleTime,
  sampleVersion,
} from '../../samples/fleet.ts';
import { anyText } from '../../samples/hostile.ts';

const heads = new SharedHeads();
const answered = (name: string, answer: Answer): AnsweredNode => ({
  name,
  role: 'slave',
  answer: { kind: 'answered', head: heads.share(headOf(answer)), when: sampleTime },
});

async function resultOf(
  nodes: readonly AnsweredNode[],
  golden: ReadonlyMap<'slave', Golden>,
): Promise<FleetResult> {
  const explanations = new Map<string, NonNullable<ReturnType<typeof explanationOf>>>();
  for (const answer of ['edited', 'both', 'unverified'] as const) {
    const whole = await readCompleteAnswer(inPieces(answerText(answer), 999));
    if (!('parts' in whole)) throw new Error(whole.problem);
    const explanation = explanationOf(whole.head, whole.parts, undefined);
    if (explanation !== undefined) explanations.set(headKey(whole.head), explanation);
  }
  const judged = judgeFleet(nodes, { golden, now: sampleTime, maxAgeMs: 3_600_000 });
  return { ...judged, nodes: nodes.length, at: sampleTime, explanations };
}
const store = new Map([
  ['slave', { version: sampleVersion, rootHash: sampleRootHash, from: { kind: 'store' } }],
] as const);
const fleet = [
  ...Array.from({ length: 1997 }, (_, index) => answered(`node${String(index)}`, 'golden')),
  ...['edited1', 'edited2'].map((name) => answered(name, 'edited')),
  answered('odd', 'unverified'),
  { name: 'gone', role: undefined, answer: { kind: 'unreachable', why: 'Connection refused' } } as const,
];

describe('the report about a fleet', () => {
  it('begins with a summary in one line', async () => {
    const text = reportText(fleetReport(await resultOf(fleet, store), false));
    expect(text.split('\n')[0]).toBe(
      `1,997 of golden slave ${sampleVersion}; 2 share drift A; 1 has drift B; 1 unreachable`,
    );
    expect(text).toContain('the latest of the store');
  });

  it('explains each drift once: path, class, severity, difference, what to do', async () => {
    const text = reportText(fleetReport(await resultOf(fleet, store), false));
    for (const said of [
      'Drift A: 2 nodes, 2 drifts\n  edited1, edited2',
      '/etc/docker/daemon.json: content (fixed, warning)',
      '+{ "debug": true }',
      '→ reboot: this restores it',
      '1      gone   Connection refused',
    ])
      expect(text.split(said), said).toHaveLength(2);
  });

  it('does not repeat what is part of another drift above', async () => {
    const text = reportText(fleetReport(await resultOf([...fleet, answered('all', 'both')], store), false));
    expect(text).toContain('  as in drift A: /etc/docker/daemon.json, sysctl:vm.swappiness\n');
    expect(text.split('+{ "debug": true }')).toHaveLength(2);
    expect(text).toContain('+PermitRootLogin yes');
  });

  it('marks what a node reports without a verified root, in every format', async () => {
    const result = await resultOf(fleet, store);
    const report = fleetReport(result, false);
    for (const text of [reportText(report), fleetPage(result, false), fleetJunit(result)])
      expect(text).toMatch(/self-reported/i);
    const json = JSON.parse(fleetJson(result)) as { groups: { nodes: string[]; selfReported?: boolean }[] };
    expect(json.groups.filter(({ selfReported }) => selfReported === true).map(({ nodes }) => nodes)).toEqual(
      [['odd']],
    );
  });

  it('shows that golden is a majority if no golden version was named', async () => {
    const text = reportText(fleetReport(await resultOf(fleet, new Map()), false));
    expect(text).toContain('BY MAJORITY ONLY, 1,999 of 2,000 that answered');
  });

  it('shows the first names and the number of others, or all', () => {
    expect(namesText(['a', 'b', 'c', 'd', 'e', 'f', 'g'], false)).toBe('a, b, c, d, e and 2 more');
    expect(namesText(['a', 'b', 'c', 'd', 'e', 'f'], false)).toBe('a, b, c, d, e, f');
    expect(namesText(['a', 'b', 'c', 'd', 'e', 'f', 'g'], true)).toBe('a, b, c, d, e, f, g');
    expect([0, 999, 1000, 4997, 1234567].map(numberText)).toEqual([
      '0',
      '999',
      '1,000',
      '4,997',
      '1,234,567',
    ]);
  });
});

describe('JSON', () => {
  it('contains every node once, and the count of each state', async () => {
    const json = JSON.parse(fleetJson(await resultOf(fleet, store))) as {
      nodes: number;
      counts: Record<string, number>;
      groups: { nodes: string[] }[];
    };
    expect(json.groups.flatMap(({ nodes }) => nodes)).toHaveLength(2001);
    expect(json.counts).toEqual({
      golden: 1997,
      revoked: 0,
      drifted: 3,
      'other seed': 0,
      behind: 0,
      'other boot': 0,
      'wrong version': 0,
      stale: 0,
      unreachable: 1,
      partial: 0,
    });
  });
});

describe('JUnit', () => {
  it('contains a test for each node: drift fails, an unknown state is an error', async () => {
    const xml = fleetJunit(await resultOf(fleet, store));
    expect(xml).toContain('tests="2001" failures="3" errors="1"');
    expect(xml.match(/<testcase /g)).toHaveLength(2001);
    expect(xml.match(/<failure /g)).toHaveLength(3);
    expect(xml).toContain(
      'name="edited2">\n    <failure type="drifted" message="drift A, 2 drifts">as edited1<',
    );
  });
});

describe('text from a node', () => {
  it('cannot send a command to a terminal, forge a line or reorder one', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(nodeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('cannot add markup to HTML or XML, or a control character to JSON', async () => {
    const evil =
      '</pre><script>alert(1)</script>]]>&"\'\u001b[2J\u009b2J\u202e\nDrift Z: 0 nodes\ufffe\ud800';
    const result = await resultOf(fleet, store);
    const explanations = new Map(
      [...result.explanations].map(([key, { drifts }]) => {
        const bad = { path: `/etc/${evil}`, kind: evil, expected: evil, there: evil, owner: evil };
        return [key, { more: 0, drifts: drifts.map((drift) => ({ ...drift, ...bad, diff: [`+${evil}`] })) }];
      }),
    );
    const groups = result.groups.map((group) =>
      group.state === 'unreachable' ? { ...group, why: evil, nodes: [evil] } : group,
    );
    const hostile = { ...result, groups, explanations };
    const report = fleetReport(hostile, true);
    const [text, html, json, xml] = [
      reportText(report),
      fleetPage(hostile, true),
      fleetJson(hostile),
      fleetJunit(hostile),
    ];
    expect(html).not.toMatch(/<script|<\/pre><(?!\/details>)|\bsrc=|url\(/);
    expect(xml).not.toMatch(/<script|\]\]>|\ufffe/);
    for (const one of [text, html, json, xml]) {
      expect(one).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(one.isWellFormed()).toBe(true);
      expect(one.split('\n').filter((line) => line.startsWith('Drift Z'))).toEqual([]);
    }
  });
});
