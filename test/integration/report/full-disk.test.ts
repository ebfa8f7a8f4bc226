import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeWholeFile } from '../../../src/host/write-whole-file.ts';
import { versionPage } from '../../../src/report/version/version-page.tsx';
import { reportFacts } from '../../samples/report-facts.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

/** A file system of its own with this size. */
async function smallDisk(kib: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder]);
  onTestFinished(() => {
    execFileSync('umount', [folder]);
  });
  return folder;
}

test('a disk that fills up while a report is written leaves no half report', async () => {
  const folder = await smallDisk(64);
  await expect(
    writeWholeFile(join(folder, 'report.html'), versionPage(reportFacts(3000))),
  ).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('the report that was there before stays whole', async () => {
  const folder = await smallDisk(64);
  const file = join(folder, 'report.html');
  await writeFile(file, 'the old report');
  await expect(writeWholeFile(file, versionPage(reportFacts(3000)))).rejects.toThrow('ENOSPC');
  expect(readdirSync(folder)).toEqual(['report.html']);
  expect(readFileSync(file, 'utf8')).toBe('the old report');
});

test('what fits is there as a whole, and readable by everybody', async () => {
  const folder = await smallDisk(4096);
  const file = join(folder, 'report.html');
  const page = versionPage(reportFacts(10));
  await writeWholeFile(file, page);
  expect(readdirSync(folder)).toEqual(['report.html']);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
