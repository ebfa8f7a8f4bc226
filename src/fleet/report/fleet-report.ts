import type { Block, Report, Section } from '../../diff/report-parts.ts';
import type { ExplainedDrift } from '../explanation.ts';
import { explanationFor, isSelfReported, type FleetResult } from '../fleet-result.ts';
import { isExplained, type Group } from '../judge-fleet.ts';
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
  const sections = [
    ...shown.map((group) => driftSection(result, group, all)),
    ...(shown.length < drifting.length
      ? [{ title: `${counted(drifting.length - shown.length, 'other drift')} (--all shows them)` }]
      : []),
    tableSection('Wrong version', result.groups, 'wrong version', all),
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
function labelledOnce<G extends Group>(
  groups: readonly G[],
): (G & { readonly together: readonly string[] })[] {
  const labels = [...new Set(groups.map(({ label }) => label))];
  return labels.flatMap((label) => {
    const own = groups.filter((group) => group.label === label);
    const [first] = own;
    return first === undefined ? [] : [{ ...first, together: own.flatMap(({ nodes }) => nodes) }];
  });
}

function driftSection(
  result: FleetResult,
  group: Group & { readonly together: readonly string[] },
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
  const told = all ? drifts : drifts.slice(0, shownDrifts);
  const rest = drift - told.length;
  return {
    title: `Drift ${label}: ${marks.join(', ')}`,
    lines: [
      namesText(together, all),
      ...(isSelfReported(group)
        ? ['self-reported: nothing enforces the root of these nodes, so all of this is their own word']
        : []),
      ...(explanation === undefined
        ? ['not explained: no node gave the whole of its answer, or there are too many drifts']
        : []),
    ],
    blocks: [
      ...told.map(driftBlock),
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
  groups: readonly Group[],
  state: Group['state'],
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
