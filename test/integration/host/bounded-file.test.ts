import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { truncateIfTooLarge, truncationMark } from '../../../src/host/bounded-file.ts';
import { limitLog, logLimitMark } from '../../../src/host/limit-log.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { serialToFile } from '../../../src/vm/qemu-machine.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

test('a console that became too large keeps its beginning, a line that reports the cut, and what follows', async () => {
  const file = join(await temporaryFolder(), 'console');
  await writeFile(file, 'first line\n'.repeat(100));
  await truncateIfTooLarge(file, 2000, 11);
  expect((await stat(file)).size).toBe(1100);
  await truncateIfTooLarge(file, 1000, 11);
  await appendFile(file, 'last line\n');
  expect(await readFile(file, 'utf8')).toBe(`first line\n\n${truncationMark}\nlast line\n`);
  await truncateIfTooLarge(`${file}.none`);
});

test('QEMU continues after its console was cut', async () => {
  const folder = join(await temporaryFolder(), 'a, b%');
  const file = `${folder}.log`;
  // A boot sector that writes x to the first serial port forever (8086 code: mov dx,3f8; mov al,'x'; out dx,al; jmp).
  const sector = Buffer.alloc(512);
  sector.set([0xba, 0xf8, 0x03, 0xb0, 0x78, 0xee, 0xeb, 0xfd]);
  sector.set([0x55, 0xaa], 510);
  const disk = join(await temporaryFolder(), 'disk.raw');
  await writeFile(disk, sector);
  const guest = await makeHost().start('qemu-system-x86_64', [
    ...['-nodefaults', '-display', 'none', '-m', '16', '-drive', `format=raw,file=${disk}`],
    ...serialToFile(file),
  ]);
  try {
    await expect
      .poll(async () => (await stat(file).catch(() => ({ size: 0 }))).size, { timeout: 20_000 })
      .toBeGreaterThan(5000);
    await truncateIfTooLarge(file, 1000, 10);
    await expect
      .poll(async () => readFile(file, 'utf8'), { timeout: 20_000 })
      .toMatch(new RegExp(`^x{10}\\n${truncationMark}\\nx`));
  } finally {
    await guest.end({ signal: 'SIGKILL' });
  }
}, 60_000);

test('a full log ends with a line that says so', () => {
  const bounded = limitLog(10);
  expect(['12345', '67890', 'more'].map(bounded)).toEqual(['12345\n', `${logLimitMark}\n`, undefined]);
});
