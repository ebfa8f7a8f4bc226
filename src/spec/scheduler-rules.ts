import { fail, record, type Context } from './rules.ts';
import { allSchedulers, schedulerNames, schedulers } from './schedulers.ts';

/** The scheduler: its package is named, and nothing is said of one that the cluster does not have. Runs on wrong values as well. */
export function checkScheduler(spec: unknown, context: Context): void {
  const given = record(spec) ?? {};
  const { scheduler = 'marathon' } = given;
  if (!allSchedulers.some((one) => one === scheduler)) return;
  const secrets = record(record(given['seed'])?.['secrets']) ?? {};
  for (const name of schedulerNames) {
    const { title } = schedulers[name];
    if (name === scheduler) {
      if (given[name] === undefined)
        fail(
          context,
          [name],
          `the cluster has ${title} as its scheduler, and nothing says where ${title} comes from`,
          `${name}: {deb: FILE-OR-URL}, which names its package; or scheduler: none`,
        );
      continue;
    }
    const instead = `scheduler: ${name}, or none of it`;
    const why = `belongs to ${title}, and the scheduler of this cluster is ${String(scheduler)}`;
    if (given[name] !== undefined) fail(context, [name], `${name} ${why}`, instead, ['scheduler']);
    if (secrets[name] !== undefined)
      fail(context, ['seed', 'secrets', name], `this secret ${why}`, instead, ['scheduler']);
  }
}
