import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../../src/bake/cache/folder-store.ts';
import { type KeyedStage, keyStage } from '../../src/bake/cache/keyed-stage.ts';
import { StageCache } from '../../src/bake/cache/stage-cache.ts';

/** A stage whose key depends on the given name. */
export function sampleStage(name = 'one'): KeyedStage {
  return keyStage('tree', 'master', { [`file ${name}`]: name });
}

/** A cache in a folder, and the lines that it reported. */
export function sampleCache(folder: string, now = () => Date.now()) {
  const notes: string[] = [];
  const cache = new StageCache({
    own: folderStore(folder, now),
    onNote: (line) => notes.push(line),
    now,
  });
  return { cache, notes };
}

/** Keeps a stage of two files with this content; returns the files. */
export async function keepSample(
  cache: StageCache,
  stage: KeyedStage,
  folder: string,
  content = 'content',
): Promise<Readonly<Record<string, string>>> {
  const made = join(folder, `made-${stage.key.slice(0, 8)}`);
  await mkdir(made, { recursive: true });
  const files: Record<string, string> = {};
  for (const name of ['first', 'second']) {
    files[name] = join(made, name);
    await writeFile(files[name], `${name} ${content}\n`);
  }
  void cache.keep(stage, { files, meta: { found: content }, seconds: 1.5 });
  await cache.settled();
  return files;
}
