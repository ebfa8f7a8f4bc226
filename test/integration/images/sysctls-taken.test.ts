import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { project } from '../built-ingot.ts';

const script = join(project, 'images/common/rootfs/usr/lib/ingot/check/sysctls-taken');

async function check(...settings: string[]) {
  const file = join(await temporaryFolder(), 'sysctl.conf');
  await writeFile(file, `# Kernel settings (sysctl.d(5)).\n${settings.join('\n')}\n`);
  const { status, stderr } = spawnSync('sh', [script, file], { encoding: 'utf8' });
  return { status, said: stderr.split('\n').filter(Boolean) };
}

test('settings are compared in the form of the kernel, which has tabs between numbers', async () => {
  const there = (await readFile('/proc/sys/kernel/printk', 'utf8')).trim();
  expect(there).toContain('\t');
  const numbers = there.split('\t');
  for (const blanks of [' ', '  ', '\t'])
    expect(await check(`kernel.printk = ${numbers.join(blanks)}`)).toEqual({ status: 0, said: [] });
});

test('each setting that is missing in the kernel, or has another value there, is reported', async () => {
  const ostype = (await readFile('/proc/sys/kernel/ostype', 'utf8')).trim();
  expect(await check('vm.swapiness = 1', `kernel.ostype = ${ostype}`, 'kernel.ostype = Hurd')).toEqual({
    status: 1,
    said: [
      'vm.swapiness is not a setting of this kernel: check its spelling, or name the module that provides it under modules',
      `the kernel has kernel.ostype = ${ostype}, not Hurd: it does not accept that value`,
    ],
  });
});
