import { plainLines } from '../host/plain-text.ts';
import { type Night, nightFactsOf } from './night.ts';
import { allSteps } from './night-report.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes lines for an attribute or an element. XML 1.0 cannot express control characters, so they are removed. */
const xmlText = (lines: readonly string[]): string =>
  plainLines(lines.join('\n'))
    .join('\n')
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (one) => entities[one] ?? one);

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly failed?: readonly string[] | undefined;
  readonly skipped?: string | undefined;
}

function caseText(suite: string, { name, seconds, failed, skipped }: TestCase): string {
  const open = `    <testcase classname="ingot.nightly.${suite}" name="${xmlText([name])}" time="${seconds.toFixed(3)}"`;
  if (failed !== undefined)
    return `${open}>\n      <failure message="${xmlText(failed.slice(0, 1))}">${xmlText(failed)}</failure>\n    </testcase>`;
  return skipped === undefined
    ? `${open}/>`
    : `${open}>\n      <skipped message="${xmlText([skipped])}"/>\n    </testcase>`;
}

function suiteText(name: string, cases: readonly TestCase[], begun: string): string {
  const failures = cases.filter(({ failed }) => failed !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const when = begun.slice(0, 19);
  return [
    `  <testsuite name="ingot nightly: ${name}" ${counts} timestamp="${when}">`,
    ...cases.map((one) => caseText(name, one)),
    '  </testsuite>',
  ].join('\n');
}

/** A night as JUnit XML: one test for each step, and one for each drill of the rehearsal. */
export function nightJunit(night: Night): string {
  const steps = allSteps(night).map(({ name, record }): TestCase => {
    if (record === undefined)
      return {
        name,
        seconds: 0,
        skipped: night.result === 'unchanged' ? 'not needed: nothing changed' : 'not run',
      };
    const { failure, seconds } = record;
    return {
      ...{ name, seconds },
      ...(failure === undefined
        ? {}
        : {
            failed: [
              failure.message,
              ...failure.excerpt,
              ...(failure.hint === undefined ? [] : [failure.hint]),
            ],
          }),
    };
  });
  const drills = (nightFactsOf(night).drills ?? []).map(({ name, result, seconds, saw }): TestCase => {
    if (result === 'failed') return { name, seconds, failed: [saw] };
    return result === 'passed' ? { name, seconds } : { name, seconds, skipped: `${result}: ${saw}` };
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="ingot nightly">',
    suiteText('steps', steps, night.begun),
    ...(drills.length === 0 ? [] : [suiteText('drills', drills, night.begun)]),
    '</testsuites>\n',
  ].join('\n');
}
