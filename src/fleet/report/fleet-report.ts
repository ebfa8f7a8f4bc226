import type { Block, Report, Section } from '../../diff/report-parts.ts';
import type { ExplainedDrift } from '../explanation.ts';
import { explanationFor, type FleetResult, isSelfReported } from '../fleet-result.ts';
import { isExplained, type NodeGroup } from '../judge-fleet.ts';
import { counted, namesText, nodeText, numberText } from './node-text.ts';
import { fleetSentence, goldenLines } from './sentence.ts';

/** So many drifts of a group, and groups of a kind, are shown unless all are asked for. */
const shownDrifts = 20;
const shownGroups = 20;

/**
 * What people read of a fleet, the same in every format.
 * @param all every node, group and drift, instead of the first of them
 */
export function fleetReport(result: FleetResult, all: boolean): Report {
  const title = fleetSentence(result);
  const drifting = labelledOnce(result.groups.filter(isExplained));
  const shown = all ? drifting : drifting.slice(0, shownGroups);
  const told: Told = new Map();
  const sections = [
    ...shown.map((group) => driftSection(result, group, told, all)),
    ...(shown.length < drifting.length
      ? [{ title: `${counted(drifting.length - shown.length, 'other drift')} (--all shows them)` }]
      : []),
    tableSection('Wrong version', result.groups, 'wrong version', all),
    tableSection('Another seed', result.groups, 'other seed', all),
    tableSection('Another boot partition', result.groups, 'other boot', all),
    tableSection('Stale: too old to tell what is now', result.groups, 'stale', all),
    tableSection('Unreachable', result.groups, 'unreachable', all),
    tableSection('Without a whole answer', result.groups, 'partial', all),
  ];
  return {
    title,
    summary: goldenLines(result),
    sections: sections.filter((one) => one !== undefined),
  };
}

/** Nodes of a wrong version may share a drift with others. */
function labelledOnce<G extends NodeGroup>(
  groups: readonly G[],
): (G & { readonly together: readonly string[] })[] {
  const labels = [...new Set(groups.map(({ label }) => label))];
  return labels.flatMap((label) => {
    const own = groups.filter((group) => group.label === label);
    const [first] = own;
    return first === undefined ? [] : [{ ...first, together: own.flatMap(({ nodes }) => nodes) }];
  });
}

/** Drifts that stand in a section above, with its name. */
type Told = Map<string, string>;

const driftKey = ({ path, kind, expected, there }: ExplainedDrift): string =>
  JSON.stringify([path, kind, expected, there]);

/** "as in drift A: /etc/x, /etc/y" of what is explained above. */
function elsewhereLines(drifts: readonly ExplainedDrift[], told: Told): string[] {
  const paths = new Map<string, string[]>();
  for (const one of drifts) {
    const label = told.get(driftKey(one));
    if (label !== undefined) paths.set(label, [...(paths.get(label) ?? []), one.path]);
  }
  return [...paths].map(([label, own]) => `as in drift ${label}: ${namesText(own, false)}`);
}

function driftSection(
  result: FleetResult,
  group: NodeGroup & { readonly together: readonly string[] },
  told: Told,
  all: boolean,
): Section {
  const { together, label = '', head } = group;
  const drift = head?.drift ?? 0;
  const marks = [
    counted(together.length, 'node'),
    counted(drift, 'drift'),
    ...(isSelfReported(group) ? ['SELF-REPORTED'] : []),
  ];
  const explanation = explanationFor(result, group);
  const drifts = explanation?.drifts ?? [];
  const own = drifts.filter((one) => !told.has(driftKey(one)));
  const shown = all ? own : own.slice(0, shownDrifts);
  const elsewhere = elsewhereLines(drifts, told);
  const rest = drift - (drifts.length - own.length) - shown.length;
  for (const one of shown) told.set(driftKey(one), label);
  return {
    title: `Drift ${label}: ${marks.join(', ')}`,
    lines: [
      namesText(together, all),
      ...(group.why === undefined || group.state !== 'drifted' ? [] : [nodeText(group.why)]),
      ...(isSelfReported(group)
        ? ['self-reported: nothing enforces the root of these nodes, so all of this is their own word']
        : []),
      ...elsewhere,
      ...(explanation === undefined
        ? ['not explained: no node gave the whole of its answer, or there are too many drifts']
        : []),
    ],
    blocks: [
      ...shown.map(driftBlock),
      ...(explanation !== undefined && rest > 0
        ? [{ title: `and ${counted(rest, 'drift')} more`, language: 'text' as const, lines: [] }]
        : []),
    ],
  };
}

function driftBlock(drift: ExplainedDrift): Block {
  const { path, kind, severity, owner, expected, there, diff = [], advice } = drift;
  const values =
    diff.length > 0
      ? diff.map(nodeText)
      : [
          ...(expected === null ? [] : [`expected  ${nodeText(expected)}`]),
          ...(there === null ? [] : [`there     ${nodeText(there)}`]),
        ];
  return {
    title: `${nodeText(path)}: ${nodeText(kind)} (${drift.class}, ${severity})`,
    language: 'diff',
    lines: [`from      ${nodeText(owner)}`, ...values, `→ ${advice}`],
  };
}

function tableSection(
  title: string,
  groups: readonly NodeGroup[],
  state: NodeGroup['state'],
  all: boolean,
): Section | undefined {
  const own = groups.filter((group) => group.state === state);
  if (own.length === 0) return undefined;
  const shown = all ? own : own.slice(0, shownGroups);
  const rest = own.slice(shown.length).reduce((sum, { nodes }) => sum + nodes.length, 0);
  return {
    title,
    table: {
      head: ['nodes', 'which', 'why'],
      rows: shown.map((group) => [
        numberText(group.nodes.length),
        namesText(group.nodes, all),
        [
          nodeText(group.why ?? ''),
          ...(group.label === undefined ? [] : [`drift ${group.label}`]),
          ...(isSelfReported(group) ? ['self-reported'] : []),
        ].join('; '),
      ]),
    },
    ...(rest > 0 ? { lines: [`and ${counted(rest, 'node')} more (--all shows them)`] } : {}),
  };
}
