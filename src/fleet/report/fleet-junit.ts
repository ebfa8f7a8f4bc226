import { countText } from '../../host/count-text.ts';
import { explanationFor, type FleetResult, isSelfReported } from '../fleet-result.ts';
import { byName, type NodeGroup } from '../judge-fleet.ts';
import { nodeText } from './node-text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Escapes text for an attribute or an element. XML 1.0 cannot represent control characters, so nodeText makes them
 * visible.
 */
function xml(text: string): string {
  return nodeText(text)
    .replace(/[&<>"']/g, (one) => entities[one] ?? one)
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}

/**
 * What is wrong with the nodes of a group: the element and a line of text. Undefined for golden nodes, and for those that
 * a rollout has not reached.
 */
function outcomeOf(group: NodeGroup): { element: 'failure' | 'error'; message: string } | undefined {
  const { state, head, label, why } = group;
  const marks = isSelfReported(group) ? ', self-reported' : '';
  const drift = label === undefined ? '' : `drift ${label}, ${countText(head?.drift ?? 0, 'drift')}${marks}`;
  switch (state) {
    case 'golden':
    case 'behind':
      return undefined;
    case 'drifted':
      return { element: 'failure', message: [drift, ...(why === undefined ? [] : [why])].join('; ') };
    case 'other seed':
    case 'other boot':
      return { element: 'failure', message: why ?? state };
    case 'revoked':
    case 'wrong version':
      return { element: 'failure', message: [why ?? state, ...(drift === '' ? [] : [drift])].join('; ') };
    default:
      return { element: 'error', message: why ?? state };
  }
}

/** The explanation of a group in lines, for its first node; the other nodes refer to that node. */
function detailsOf(result: FleetResult, group: NodeGroup): string {
  const drifts = explanationFor(result, group)?.drifts ?? [];
  return drifts
    .flatMap(({ path, kind, class: driftClass, severity, owner, expected, there, diff = [], advice }) => [
      `${path}: ${kind} (${driftClass}, ${severity})`,
      `  from ${owner}`,
      ...(expected === null ? [] : [`  expected ${expected}`]),
      ...(there === null ? [] : [`  there ${there}`]),
      ...diff.map((line) => `  ${line}`),
      `  ${advice}`,
    ])
    .map(xml)
    .join('\n');
}

/**
 * A fleet as JUnit XML, with one test per node. Drift and wrong versions are failures; nodes without an answer are
 * errors.
 */
export function fleetJunit(result: FleetResult): string {
  const cases: { name: string; text: string }[] = [];
  const counts = { failure: 0, error: 0 };
  for (const group of result.groups) {
    const outcome = outcomeOf(group);
    const suite = `ingot.drift.${xml(group.head?.role ?? 'unknown')}`;
    const [first = ''] = group.nodes;
    for (const name of group.nodes) {
      const open = `  <testcase classname="${suite}" name="${xml(name)}"`;
      if (outcome === undefined) {
        cases.push({ name, text: `${open}/>` });
        continue;
      }
      counts[outcome.element] += 1;
      const body = name === first ? detailsOf(result, group) : `as ${xml(first)}`;
      const { element, message } = outcome;
      const about = `type="${group.state}" message="${xml(message)}"`;
      cases.push({ name, text: `${open}>\n    <${element} ${about}>${body}</${element}>\n  </testcase>` });
    }
  }
  cases.sort((a, b) => byName(a.name, b.name));
  const numbers = `tests="${cases.length}" failures="${counts.failure}" errors="${counts.error}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="ingot drift" ${numbers} timestamp="${new Date(result.at).toISOString().slice(0, 19)}">`,
    ...cases.map(({ text }) => text),
    '</testsuite>\n',
  ].join('\n');
}
