import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { NightFacts } from '../../nightly/night.ts';
import type { NightStep } from '../../nightly/run-steps.ts';
import { rehearsalsFolder } from '../../version/rehearsal/rehearsals.ts';
import { rehearse } from '../rehearse/run.ts';
import { rehearseShape } from '../shapes/test-shapes.ts';
import { capturedWorld } from './captured.ts';
import { imagesOf, keyOfValues, type NightWork } from './night-work.ts';

const statementsOf = async (facts: NightFacts): Promise<string[]> => {
  const found = await Promise.all(
    imagesOf(facts).map(async ({ folder }) => {
      const statements = rehearsalsFolder(folder);
      const names = await readdir(statements).catch(() => [] as string[]);
      return names.filter((name) => !name.startsWith('.')).map((name) => join(statements, name));
    }),
  );
  return found.flat();
};

/** Runs the quick drills with a cluster of the new versions; for the same versions and nodes, once. */
export const rehearseStep = ({ world, input, signer: own }: NightWork): NightStep => ({
  name: 'rehearse',
  key: (facts) =>
    keyOfValues(
      imagesOf(facts).map(({ role, version }) => [role, version]),
      own.keyId,
      ...['quick', input.masters, input.slaves],
    ),
  holds: ({ statements = [] }) =>
    Promise.resolve(statements.length > 0 && statements.every((file) => existsSync(file))),
  run: async (facts) => {
    const { spec, out, masters, slaves, seedKey } = input;
    const earlier = new Set(await statementsOf(facts));
    const captured = capturedWorld(world);
    await rehearse(
      captured.world,
      {
        ...{ spec, out, masters, slaves, seedKey, quick: true, json: true },
        ...{ drills: undefined, list: false, keep: false, from: undefined, to: undefined, wave: undefined },
        ...{ drain: true, fallBack: true, sign: undefined, signer: undefined },
      },
      own,
    );
    const { outcomes, logs } = rehearseShape.parse(JSON.parse(captured.written()));
    const failed = outcomes.filter(({ result }) => result === 'failed');
    const [first] = failed;
    if (first !== undefined)
      throw new IngotError({
        code: 'node-failed',
        message: `the drill ${first.name} failed`,
        excerpt: [...first.saw.split('\n'), `logs: ${logs}`],
        hint: 'ingot rehearse SPEC --quick runs the same drills again; nothing was published',
      });
    const passed = outcomes.filter(({ result }) => result === 'passed');
    return {
      says: [`${passed.length} drills passed: ${passed.map(({ name }) => name).join(', ')}`],
      facts: {
        drills: outcomes.map(({ name, result, seconds, saw }) => ({ name, result, seconds, saw })),
        statements: (await statementsOf(facts)).filter((file) => !earlier.has(file)),
      },
    };
  },
});
