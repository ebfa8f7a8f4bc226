import type { Block, Report, Section } from '../../diff/report-parts.ts';
import { countText, numberText } from '../../host/count-text.ts';
import type { ExplainedDrift } from '../explanation.ts';
import { explanationFor, type FleetResult, isSelfReported } from '../fleet-result.ts';
import { isExplained, type NodeGroup } from '../judge-fleet.ts';
import { namesText, nodeText } from './node-text.ts';
import { fleetSentence, goldenLines } from './sentence.ts';

/** The number of drifts of a group, and of groups of a kind, that are shown without --all. */
const shownDrifts = 20;
const shownGroups = 20;

/**
 * The report of a fleet, the same in every format.
 * @param all shows every node, group and drift, instead of only the first of them
 */
export function fleetReport(result: FleetResult, all: boolean): Report {
  const title = fleetSentence(result);
  const drifting = labelledOnce(result.groups.filter(isExplained));
  const shown = all ? drifting : drifting.slice(0, shownGroups);
  const shownIn: ShownIn = new Map();
  const sections = [
    ...shown.map((group) => driftSection(result, group, shownIn, all)),
    ...(shown.length < drifting.length
      ? [{ title: `${countText(drifting.length - shown.length, 'other drift')} (--all shows them)` }]
      : []),
    tableSection('Behind: the rollout has not reached them', result.groups, 'behind', all),
    tableSection('Revoked version', result.groups, 'revoked', all),
    tableSection('Wrong version', result.groups, 'wrong version', all),
    tableSection('Another seed', result.groups, 'other seed', all),
    tableSection('Another boot partition', result.groups, 'other boot', all),
    tableSection('Stale: too old to show the current state', result.groups, 'stale', all),
    tableSection('Unreachable', result.groups, 'unreachable', all),
    tableSection('Incomplete answer', result.groups, 'partial', all),
  ];
  return {
    title,
    summary: goldenLines(result),
    sections: sections.filter((one) => one !== undefined),
  };
}

/** Merges groups with the same label: nodes of a wrong version may share a drift with others. */
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

/** Drifts that an earlier section shows → the label of that section. */
type ShownIn = Map<string, string>;

const driftKey = ({ path, kind, expected, there }: ExplainedDrift): string =>
  JSON.stringify([path, kind, expected, there]);

/** "as in drift A: /etc/x, /etc/y" for drifts that are explained above. */
function elsewhereLines(drifts: readonly ExplainedDrift[], shownIn: ShownIn): string[] {
  const paths = new Map<string, string[]>();
  for (const one of drifts) {
    const label = shownIn.get(driftKey(one));
    if (label !== undefined) paths.set(label, [...(paths.get(label) ?? []), one.path]);
  }
  return [...paths].map(([label, own]) => `as in drift ${label}: ${namesText(own, false)}`);
}

function driftSection(
  result: FleetResult,
  group: NodeGroup & { readonly together: readonly string[] },
  shownIn: ShownIn,
  all: boolean,
): Section {
  const { together, label = '', head } = group;
  const drift = head?.drift ?? 0;
  const marks = [
    countText(together.length, 'node'),
    countText(drift, 'drift'),
    ...(isSelfReported(group) ? ['SELF-REPORTED'] : []),
  ];
  const explanation = explanationFor(result, group);
  const drifts = explanation?.drifts ?? [];
  const own = drifts.filter((one) => !shownIn.has(driftKey(one)));
  const shown = all ? own : own.slice(0, shownDrifts);
  const elsewhere = elsewhereLines(drifts, shownIn);
  const rest = drift - (drifts.length - own.length) - shown.length;
  for (const one of shown) shownIn.set(driftKey(one), label);
  return {
    title: `Drift ${label}: ${marks.join(', ')}`,
    lines: [
      namesText(together, all),
      ...(group.why === undefined || group.state !== 'drifted' ? [] : [nodeText(group.why)]),
      ...(isSelfReported(group)
        ? ['self-reported: nothing enforces the root of these nodes, so all of this is only their own report']
        : []),
      ...elsewhere,
      ...(explanation === undefined
        ? ['not explained: no node gave a complete answer, or there are too many drifts']
        : []),
    ],
    blocks: [
      ...shown.map(driftBlock),
      ...(explanation !== undefined && rest > 0
        ? [{ title: `and ${countText(rest, 'drift')} more`, language: 'text' as const, lines: [] }]
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
    ...(rest > 0 ? { lines: [`and ${countText(rest, 'node')} more (--all shows them)`] } : {}),
  };
}
