import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';

/** When a process began (proc(5), starttime): a number of a process is used again. */
async function startOf(pid: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

async function take(file: string): Promise<boolean> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  await handle.writeFile(`${process.pid} ${(await startOf(String(process.pid))) ?? ''}`);
  await handle.close();
  return true;
}

/**
 * Runs work while no other process uploads the same image.
 * @param file absolute path of the lock
 * @throws IngotError unusable-folder if another process has it
 */
export async function withUploadLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  for (let tries = 1; !(await take(file)); tries += 1) {
    const [pid = '', start = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
    const lives = start !== '' && (await startOf(pid)) === start;
    if (lives || tries > 2)
      throw new IngotError({
        code: 'unusable-folder',
        message: `another process uploads the same image${lives ? `: ${pid}` : ''}`,
        hint: `wait until it is done; its lock is ${file}`,
      });
    await rm(file, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
