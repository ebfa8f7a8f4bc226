import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Takes the lock; false if a process that lives has it. That of one that was killed is taken away. */
function took(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  try {
    const owner = readFileSync(lock, 'utf8');
    if (owner !== '' && !existsSync(`/proc/${owner}`)) rmSync(lock, { force: true });
  } catch {
    // it was given back meanwhile
  }
  return false;
}

/**
 * Does work once and gives its result, as JSON keeps it, to everybody who asks; who asks while another process does it waits for that.
 * @param remembered absolute path of the file that keeps the result
 */
export async function once<Result>(remembered: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${remembered}.lock`;
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
  return JSON.parse(readFileSync(remembered, 'utf8')) as Result;
}
