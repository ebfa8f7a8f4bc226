import { recordedAnswer } from '../bake/unchanged/unchanged-record.ts';
import { allowClosedPipes } from './closed-pipes.ts';

// Before anything else is loaded: that takes longer than this check.
const answer = recordedAnswer({ args: process.argv.slice(2), cwd: process.cwd(), env: process.env });
if (answer === undefined) {
  const { runMain } = await import('./run-main.ts');
  process.exit(await runMain());
}
allowClosedPipes();
process.stderr.write(answer.err);
process.stdout.write(answer.out);
