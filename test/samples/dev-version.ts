import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../src/inputs/roles.ts';
import { bootRecord } from './boot-record.ts';

export const devVersionName = '20261122-dddddddddddd';

/** Writes a folder that looks as a fast bake leaves it, with a disk of the given content. */
export async function writeDevVersion(folder: string, role: Role, content = 'a disk'): Promise<string> {
  await mkdir(folder, { recursive: true });
  const record = {
    ...{ schema: 1, role, version: devVersionName, cluster: 'demo', firmware: 'bios', key: 'k' },
    baked: '2026-11-30T12:00:00.000Z',
  };
  await writeFile(join(folder, 'dev.json'), JSON.stringify(record));
  await writeFile(join(folder, 'boot.json'), JSON.stringify(bootRecord({ role, version: devVersionName })));
  await writeFile(join(folder, 'disk.raw'), content);
  return folder;
}
