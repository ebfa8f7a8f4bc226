// Reads vitest's JSON report: prints "passed failed", and the failed tests on standard error, so that they are at the
// end of a long log.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const longest = 2000;
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const why = (message) =>
  stripVTControlCharacters(message)
    .split(/\n {4}at /)[0]
    .slice(0, longest);

for (const { name, message, assertionResults } of report.testResults) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of failed)
    console.error(`\nfailed: ${fullName.trim()}\n${failureMessages.map(why).join('\n')}`);
  if (failed.length === 0 && message) console.error(`\nfailed: ${name}\n${why(message)}`);
}
console.log(report.numPassedTests, report.numFailedTests);
