import { type Context, fail, record } from './rules.ts';
import { allSchedulers, schedulerNames, schedulers, usualScheduler } from './schedulers.ts';

/** Refuses what belongs to a scheduler that the cluster does not have; points at the key, and at the scheduler that it has. */
function refuse(
  context: Context,
  path: PropertyKey[],
  message: string,
  right: string,
  otherAt: PropertyKey[] | undefined,
): void {
  const params = { right, atKey: true, otherAt };
  context.issues.push({ code: 'custom', path, message, params, input: undefined });
}

/** The scheduler: its package is named, and nothing is said of one that the cluster does not have. Runs on wrong values as well. */
export function checkScheduler(spec: unknown, context: Context): void {
  const given = record(spec) ?? {};
  const { scheduler = usualScheduler } = given;
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
          `${name}: {deb: FILE-OR-URL} names its package; or say scheduler: none`,
        );
      continue;
    }
    const why = `and the cluster has scheduler: ${String(scheduler)}`;
    const right = `scheduler: ${name}, or no ${name} here`;
    if (given[name] !== undefined)
      refuse(context, [name], `${name} says where ${title} comes from, ${why}`, right, otherAt);
    if (secrets[name] !== undefined)
      refuse(context, ['seed', 'secrets', name], `only ${title} has this secret, ${why}`, right, otherAt);
  }
}
