import { type Context, fail, failWithSecondPlace, record } from './rules.ts';
import { allSchedulers, defaultScheduler, schedulerNames, schedulers } from './schedulers.ts';

/**
 * Checks the scheduler: its package is named, and no section belongs to a scheduler that the cluster does not have.
 * Also runs on invalid values.
 */
export function checkScheduler(spec: unknown, context: Context): void {
  const given = record(spec) ?? {};
  const { scheduler = defaultScheduler } = given;
  if (!allSchedulers.some((one) => one === scheduler)) return;
  const secrets = record(record(given['seed'])?.['secrets']) ?? {};
  const otherAt = given['scheduler'] === undefined ? undefined : ['scheduler'];
  for (const name of schedulerNames) {
    const { title } = schedulers[name];
    if (name === scheduler) {
      if (given[name] === undefined)
        fail(
          context,
          otherAt ?? [name],
          `the scheduler is ${title}, and nothing says where it comes from`,
          `${name}: {deb: FILE-OR-URL} names its package; or write scheduler: none`,
        );
      continue;
    }
    const why = `and the cluster has scheduler: ${String(scheduler)}`;
    const right = `scheduler: ${name}, or no ${name} here`;
    // Points at the key, and at the scheduler that the cluster has.
    const refuse = (path: PropertyKey[], what: string) => {
      failWithSecondPlace(context, { path, message: `${what}, ${why}`, right, atKey: true, otherAt });
    };
    if (given[name] !== undefined) refuse([name], `${name} says where ${title} comes from`);
    if (secrets[name] !== undefined) refuse(['seed', 'secrets', name], `only ${title} has this secret`);
  }
}
