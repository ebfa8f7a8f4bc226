import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Takes the lock; false if a live process holds it. The lock of a killed process is removed. */
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
 * Does work once and returns its result, as JSON keeps it, to every caller; a caller waits while another process does
 * the work.
 * @param remembered absolute path of the file that keeps the result
 */
export async function once<Result>(remembered: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${remembered}.lock`;
  while (!existsSync(remembered)) {
    if (!took(lock)) {
      // No event announces that another process has finished it.
      await wait(500);
      continue;
    }
    try {
      // It may have been finished between the two checks.
      if (existsSync(remembered)) break;
      writeFileSync(`${remembered}.part`, JSON.stringify(await work()));
      renameSync(`${remembered}.part`, remembered);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return JSON.parse(readFileSync(remembered, 'utf8')) as Result;
}
