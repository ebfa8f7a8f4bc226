import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../samples/temporary.ts';
import { runTutorial, tutorialCommands, tutorialFaults } from '../samples/tutorial.ts';
import { tutorialPlace } from '../samples/tutorial-place.ts';
import { project } from './ingot-process.ts';

// Bakes twice and boots a whole cluster: an hour and a half without KVM.
test(
  'docs/tutorial.md from the first command to the last does what the page shows',
  { timeout: 4 * 3600 * 1000 },
  async () => {
    const page = readFileSync(join(project, 'docs/tutorial.md'), 'utf8');
    const commands = tutorialCommands(page).filter(({ kind }) => kind !== 'by hand');
    const { cwd, env } = await tutorialPlace(await temporaryFolder(), join(project, 'dist/cli/main.js'));
    const pool = process.env['INGOT_POOL'];
    const results = await runTutorial(commands, {
      cwd,
      env: { ...env, ...(pool === undefined ? {} : { INGOT_POOL: pool }) },
    });
    expect(tutorialFaults(results)).toEqual([]);
  },
);
