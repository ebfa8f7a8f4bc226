import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { runTutorial, tutorialCommands, tutorialFaults } from '../../samples/tutorial.ts';
import { tutorialPlace } from '../../samples/tutorial-place.ts';
import { buildIngot, project, removeBuilt } from '../built-ingot.ts';

let built: string;
beforeAll(async () => {
  built = await buildIngot();
});
afterAll(() => removeBuilt(built));

// The commands that bake are run by test/e2e/tutorial.nightly.test.ts.
test('every command of docs/tutorial.md that needs no bake does what the page shows', async () => {
  const page = readFileSync(join(project, 'docs/tutorial.md'), 'utf8');
  const commands = tutorialCommands(page).filter(({ kind }) => kind === 'now');
  const { cwd, env } = await tutorialPlace(await temporaryFolder(), join(built, 'cli', 'main.js'));
  const results = await runTutorial(commands, { cwd, env: { ...env, INGOT_ACCEL: 'tcg' } });
  expect(tutorialFaults(results)).toEqual([]);
});
