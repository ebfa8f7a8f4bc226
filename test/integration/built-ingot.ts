import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHost } from '../../src/host/make-host.ts';

export const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bundler = join(project, 'node_modules', 'rolldown', 'bin', 'cli.mjs');

/**
 * Bundles src/ into a separate folder, so that a test never runs an old dist/; ingot finds images/, templates/ and its
 * other files next to it.
 * @returns absolute folder with cli/main.js in it
 */
export async function buildIngot(): Promise<string> {
  const copy = join(project, '.make', `test-${process.pid}`);
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const name of [
    'images',
    'node-tools',
    'templates',
    'examples',
    'stand-ins',
    'bin',
    'package.json',
    'node_modules',
  ])
    await symlink(join(project, name), join(copy, name));
  const built = join(copy, 'dist');
  const config = join(project, 'rolldown.config.ts');
  await makeHost().run(process.execPath, [bundler, '-c', config, '--dir', built], {
    cwd: project,
  });
  return built;
}

/** Bundles one module of src/ into a folder, for a script that imports it. */
export async function bundle(module: string, folder: string): Promise<void> {
  const names = ['--entryFileNames', '[name].mjs', '--chunkFileNames', '[name].mjs'];
  await makeHost().run(process.execPath, [bundler, module, '--platform', 'node', '--dir', folder, ...names], {
    cwd: project,
  });
}

/** Removes the folders that buildIngot made. */
export async function removeBuilt(built: string): Promise<void> {
  await rm(dirname(built), { recursive: true, force: true });
}
