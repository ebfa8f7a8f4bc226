import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processStart } from '../../../src/host/process-start.ts';
import { becomeSoleOwner } from '../../../src/host/sole-owner.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

const work = 'ingot nightly of the store out';
/** A process that runs: the one that started this test. */
const living = `${process.ppid} ${processStart(process.ppid) ?? ''}\n`;
/** The same process id, of a process that started at another time. */
const dead = `${process.ppid} 1\n`;

test('a second process is refused with the id of the first, and changes nothing', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'owner-7'), living);
  const error = await rejection(becomeSoleOwner(folder, work));
  expect(error.code).toBe('already-running');
  expect(error.message).toBe(`${work} is already running, as process ${process.ppid}`);
  expect(await readdir(folder)).toEqual(['owner-7']);
});

test('of many at once exactly one gets the folder, also after a process that died', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'owner-3'), dead);
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => becomeSoleOwner(folder, work)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of all)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ name: 'IngotError' });
});

test('the folder can be claimed again after it was released', async () => {
  const folder = await temporaryFolder();
  for (let time = 0; time < 3; time += 1) {
    const owner = await becomeSoleOwner(folder, work);
    expect((await rejection(becomeSoleOwner(folder, work))).code).toBe('already-running');
    await owner.release();
  }
  // The newest claim stays, so that no process that has read an older one can take its number.
  expect(await readdir(folder)).toEqual(['owner-3']);
});

test.each(['', 'x\n', '1\n', 'owner'])('a claim with the text %j has no owner', async (text) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'owner-1'), text);
  await expect(becomeSoleOwner(folder, work)).resolves.toBeDefined();
});
