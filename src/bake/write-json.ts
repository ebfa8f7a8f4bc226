import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a value into a folder as indented JSON. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
