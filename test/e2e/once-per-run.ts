import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** Takes the lock; false if a process that lives has it. That of one that was killed is taken away from it. */
function took(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
    if (owner !== '' && !lives(Number(owner))) rmSync(lock, { force: true });
    return false;
  }
}

/**
 * Does work once for all test files of a run, and gives its result to each; a file that asks while another does it waits for that.
 * @param name of the work; its result is kept as NAME.json in the folder of the run
 */
export async function oncePerRun<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const remembered = join(inject('e2eFolder'), `${name}.json`);
  const lock = `${remembered}.lock`;
  const result = (): Result => JSON.parse(readFileSync(remembered, 'utf8')) as Result;
  while (!existsSync(remembered)) {
    if (!took(lock)) {
      // Nothing announces that another process has done it.
      await wait(500);
      continue;
    }
    try {
      // It may have been done between the two looks.
      if (existsSync(remembered)) break;
      writeFileSync(`${remembered}.part`, JSON.stringify(await work()));
      renameSync(`${remembered}.part`, remembered);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return result();
}
