import { join } from 'node:path';
import { inject } from 'vitest';
import { once } from './once.ts';

/**
 * Does work once for all test files of a run, and returns its result to each.
 * @param name of the work; its result is kept as NAME.json in the folder of the run
 */
export const oncePerRun = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
  once(join(inject('e2eFolder'), `${name}.json`), work);
