import { commandText } from '../../host/command-text.ts';
import { allDrills } from '../../rehearse/all-drills.ts';
import type { ReachableNode, Rehearsal } from '../../rehearse/rehearse-images.ts';
import type { DrillOutcome } from '../../rehearse/run-drills.ts';
import type { drillsShape } from '../shapes/test-shapes.ts';
import type { DocumentOf } from '../shared/json-text.ts';

/** All drills, with what each one verifies. */
export function drillsText(): string {
  const width = Math.max(...allDrills.map(({ name }) => name.length));
  return allDrills
    .map(({ name, proves, quick }) => `${name.padEnd(width)}  ${quick ? 'quick' : '     '}  ${proves}\n`)
    .join('');
}

/** The same as a document. */
export const drillsDocument = (): DocumentOf<typeof drillsShape> => ({
  schema: 1,
  drills: allDrills.map(({ name, proves, quick }) => ({ name, quick, verifies: proves })),
});

/** The part of the help about the drills. */
export function drillsHelp(): string {
  const names = allDrills.filter(({ quick }) => quick).map(({ name }) => name);
  return `The quick drills: ${names.join(', ')}.\n`;
}

const secondsText = ({ result, seconds }: DrillOutcome): string =>
  result === 'passed' || result === 'failed' ? seconds.toFixed(1) : '';

function outcomeText(outcome: DrillOutcome, width: number): string {
  const [first = '', ...more] = outcome.saw.split(/; |\n/);
  const indent = ' '.repeat(width + 21);
  return [
    `${outcome.name.padEnd(width)}  ${outcome.result.padEnd(7)}  ${secondsText(outcome).padStart(8)}  ${first}`,
    ...more.filter((line) => line.trim() !== '').map((line) => `${indent}${line}`),
  ].join('\n');
}

/**
 * The result of a rehearsal: a line for each drill, then the tables, then the totals.
 * @param upgradedTo for an upgrade: the new versions of its nodes
 */
export function rehearsalText(
  { outcomes, versions, accelerator, logs }: Omit<Rehearsal, 'ran'>,
  upgradedTo?: Rehearsal['versions'],
): string {
  const width = Math.max(5, ...outcomes.map(({ name }) => name.length));
  const count = (result: DrillOutcome['result']) => outcomes.filter((one) => one.result === result).length;
  const total = outcomes.reduce((sum, { seconds }) => sum + seconds, 0);
  const others = (['failed', 'skipped', 'not run'] as const)
    .filter((result) => count(result) > 0)
    .map((result) => `, ${count(result)} ${result}`)
    .join('');
  return [
    `${'drill'.padEnd(width)}  ${'result'.padEnd(7)}  ${'seconds'.padStart(8)}  what was seen`,
    ...outcomes.map((outcome) => outcomeText(outcome, width)),
    '',
    ...outcomes.flatMap(({ table }) => (table === undefined ? [] : [table])),
    `${count('passed')} drills passed${others}, in ${total.toFixed(1)} s (${accelerator})`,
    ...(['master', 'slave'] as const).map(
      (role) => `${role.padEnd(6)}  ${versions[role].version}, root hash ${versions[role].rootHash}`,
    ),
    ...(['master', 'slave'] as const).flatMap((role) =>
      upgradedTo === undefined
        ? []
        : [`${role.padEnd(6)}  then ${upgradedTo[role].version}, root hash ${upgradedTo[role].rootHash}`],
    ),
    `logs    ${logs}`,
    '',
  ].join('\n');
}

/** How to reach the nodes of a cluster that keeps running. */
export function accessText(nodes: readonly ReachableNode[]): string {
  const width = Math.max(0, ...nodes.map(({ name }) => name.length));
  return [
    'the cluster runs until Ctrl-C; its nodes:',
    ...nodes.map(
      ({ name, address, sshConfig }) =>
        `  ${name.padEnd(width)}  ${address.padEnd(12)}  ${commandText('ssh', ['-F', sshConfig, name])}`,
    ),
    `  with -L 5050:ADDRESS:5050 of a master, Mesos is at http://127.0.0.1:5050; with -L 8080:ADDRESS:8080, Marathon is at http://127.0.0.1:8080, if the cluster has it`,
    '',
  ].join('\n');
}
