import { entry } from '../src/cli/record/command-record.ts';
import { singleCommandLine } from '../src/cli/record/single-command-line.ts';
import { runProgram } from '../src/cli/run-program.ts';
import { benchCommand } from './options.ts';

const bench = entry(benchCommand, async () => (await import('./bench-command.ts')).bench);

process.exit(await runProgram((world, args) => singleCommandLine(world, bench, args)));
