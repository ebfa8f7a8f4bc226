import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from './ingot-error.ts';
import { processStart } from './process-start.ts';

/** A folder that only this process works on, until it releases the folder or ends in any way. */
export interface SoleOwner {
  release(): Promise<void>;
}

const claimName = /^owner-(\d+)$/;

/** The number of the newest claim; 0 if there is none. */
async function newestClaim(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(claimName.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** The id of the process that made a claim and still runs; undefined if it has ended. */
async function livingOwner(file: string): Promise<number | undefined> {
  const [pid = '', start = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
  return start !== '' && processStart(Number(pid)) === start ? Number(pid) : undefined;
}

const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';

/**
 * Claims a folder for this process. Claims are numbered files, and the newest one counts: link(2) creates each with its
 * content or not at all, and the newest is never removed. So two processes cannot both take over from one that died.
 * @param folder absolute; it is created if it does not exist
 * @param work what would run twice, for the error: "ingot nightly of this store"
 * @throws IngotError already-running if another process has the folder
 */
export async function becomeSoleOwner(folder: string, work: string): Promise<SoleOwner> {
  await mkdir(folder, { recursive: true });
  const own = join(folder, `.owner-${process.pid}`);
  const busy = (pid: number | undefined) =>
    new IngotError({
      code: 'already-running',
      message: `${work} is already running${pid === undefined ? '' : `, as process ${pid}`}`,
      hint: 'wait until it has ended; this one has changed nothing',
    });
  try {
    await writeFile(own, `${process.pid} ${processStart(process.pid) ?? ''}\n`);
    const newest = await newestClaim(folder);
    const owner = await livingOwner(join(folder, `owner-${newest}`));
    if (owner !== undefined) throw busy(owner);
    const claim = join(folder, `owner-${newest + 1}`);
    await link(own, claim).catch(async (error: unknown) => {
      throw isThere(error) ? busy(await livingOwner(claim)) : error;
    });
    if ((await newestClaim(folder)) !== newest + 1) {
      await rm(claim, { force: true });
      throw busy(undefined);
    }
    for (const name of await readdir(folder)) {
      const number = Number(claimName.exec(name)?.[1] ?? Number.NaN);
      if (number <= newest) await rm(join(folder, name), { force: true });
    }
    // An empty claim has no owner.
    return { release: () => writeFile(claim, '') };
  } finally {
    await rm(own, { force: true });
  }
}
