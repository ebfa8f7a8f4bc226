import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { toolVersion } from '../inputs/plan/tool-version.ts';
import { commands } from './commands.ts';
import { packageFiles } from './package-files.ts';

// A part of the build: writes manual pages, completions and JSON Schemas into ingot's folder, or into the named one.
const into = process.argv[2] ?? projectFolder;
const seconds = process.env['SOURCE_DATE_EPOCH'];
const day = (seconds === undefined ? new Date() : new Date(Number(seconds) * 1000))
  .toISOString()
  .slice(0, 10);
const files = await packageFiles(
  commands.map(({ record }) => record),
  { version: toolVersion, date: day },
);
for (const folder of new Set([...files.keys()].map((path) => path.split('/')[0] ?? '')))
  await rm(join(into, folder), { recursive: true, force: true });
for (const [path, text] of files) {
  await mkdir(dirname(join(into, path)), { recursive: true });
  await writeFile(join(into, path), text);
}
