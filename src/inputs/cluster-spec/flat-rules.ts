import { type Context, fail, record } from './rules.ts';

/** Reports whether a suite is the folder of a flat repository (sources.list(5)). */
export function isFlat(suite: string): boolean {
  return suite.endsWith('/');
}

/** Checks an apt source: a flat repository has no components. */
export function checkComponents(value: unknown, context: Context): void {
  const source = record(value);
  if (source === undefined || Array.isArray(value) || source['components'] === undefined) return;
  const suites = Array.isArray(source['suites']) ? source['suites'] : [source['suite']];
  const flat = suites.filter((suite) => typeof suite === 'string').find(isFlat);
  if (flat !== undefined)
    fail(
      context,
      ['components'],
      `components with the flat repository ${flat}`,
      'no components: a suite that ends in a slash has none',
    );
}
