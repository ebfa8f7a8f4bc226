import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folders in which a tutorial begins: the source folder of ingot with `bin/ingot`, and an empty home.
 * @param main absolute path of the program's main.js
 */
export async function tutorialPlace(folder: string, main: string) {
  const [cwd, home] = [join(folder, 'ingot'), join(folder, 'home')];
  await mkdir(join(cwd, 'bin'), { recursive: true });
  await mkdir(home);
  await writeFile(join(cwd, 'bin/ingot'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, {
    mode: 0o755,
  });
  return { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: home } };
}
