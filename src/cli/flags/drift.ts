import { type Command as Program, InvalidArgumentError } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { wholeNumber } from './whole-number.ts';

interface DriftFlags {
  readonly inventory: string;
  readonly out?: string;
  readonly expect?: readonly string[];
  readonly seed?: readonly string[];
  readonly last?: true;
  readonly maxAge: number;
  readonly parallel: number;
  readonly timeout: number;
  readonly retries: number;
  readonly sshConfig?: string;
  readonly all?: true;
  readonly json?: true;
  readonly html?: string;
  readonly junit?: string;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  const found = Number(number) * (units[unit] ?? 1);
  if (!(found > 0)) throw new InvalidArgumentError('It has to be a time such as 30s, 15m, 2h or 1d.');
  return found;
}

/** `ingot drift`: what the nodes of a fleet have otherwise than their golden root. */
export function addDrift(program: Program, world: World, done: Done): void {
  program
    .command('drift')
    .description(
      'ask the nodes of an inventory what of them differs from their golden root; equal answers are told once (exit 3 if one differs)',
    )
    .requiredOption(
      '--inventory <file>',
      'the nodes: a list, or YAML with hosts, folders and URLs (docs/fleet.md)',
    )
    .option(
      '--out <folder>',
      'the output store, whose latest of each role is golden (default: out, if it is there)',
    )
    .option('--expect <version...>', 'what is golden instead, as slave/20261122-3f2a5b6c7d8e')
    .option(
      '--seed <file...>',
      'the user-data that the nodes are to run, one for each cluster (default: what most of them run)',
    )
    .option('--last', 'take what the timer of each node has left, instead of looking anew')
    .option('--max-age <time>', 'an answer that is older is stale', seconds, 3600)
    .option('--parallel <number>', 'how many nodes are asked at once', wholeNumber(1, 1000), 32)
    .option('--timeout <time>', 'how long one node may take', seconds, 60)
    .option(
      '--retries <number>',
      'how often a node that is not reached is asked again',
      wholeNumber(0, 10),
      1,
    )
    .option('--ssh-config <file>', 'ssh_config(5) in the place of the user’s own')
    .option('--all', 'show every node, group and drift, instead of the first of them (JSON has all)')
    .option('--json', 'print JSON')
    .option('--html <file>', 'also write one HTML file that loads nothing')
    .option('--junit <file>', 'also write JUnit’s XML, a test of each node')
    .action(async (options: DriftFlags) => {
      const { drift } = await import('../commands/drift.ts');
      const { inventory, out, expect, maxAge, parallel, timeout, retries, sshConfig, html, junit } = options;
      done(
        await drift(world, {
          ...{ inventory, out, parallel, retries, sshConfig, html, junit },
          expect: expect ?? [],
          seeds: options.seed ?? [],
          last: options.last === true,
          maxAgeSeconds: maxAge,
          timeoutSeconds: timeout,
          all: options.all === true,
          json: options.json === true,
        }),
      );
    });
}
