import { commandLine } from './command-line.ts';
import { runProgram } from './run-program.ts';

process.exit(await runProgram(commandLine));
