import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sampleCache, sampleStage } from '../../../samples/stage-files.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { bundle } from '../../built-ingot.ts';

const stages = Array.from({ length: 5 }, (_, number) => sampleStage(`stage ${number}`));

/**
 * A process that repeatedly takes, keeps and removes stages in a cache that others use at the same time; it prints what
 * it found.
 */
const program = `
import { mkdirSync, writeFileSync } from 'node:fs';
const [built, folder, cacheFolder, bound, stages] = process.argv.slice(2);
const { folderStore } = await import(built + '/folder-store/folder-store.mjs');
const { StageCache } = await import(built + '/stage-cache/stage-cache.mjs');
const { collectGarbage } = await import(built + '/collect-garbage/collect-garbage.mjs');
mkdirSync(folder);
const notes = [];
const now = () => Date.now();
const cache = new StageCache({ own: folderStore(cacheFolder, now), onNote: (line) => notes.push(line), now });
let taken = 0;
for (let round = 0; round < 40; round++) {
  const stage = JSON.parse(stages)[round % 5];
  const entry = await cache.take(stage, folder + '/taken-' + round);
  if (entry === undefined) {
    const file = folder + '/made-' + round;
    writeFileSync(file, 'made of ' + stage.key);
    cache.keep(stage, { files: { file }, meta: null, seconds: 0 });
    await cache.settled();
  } else taken++;
  if (round % 3 === 0)
    await collectGarbage({ folder: cacheFolder, stages: ['tree'], maxBytes: Number(bound), dryRun: false, now: now() });
}
console.log(JSON.stringify({ taken, notes }));
`;

interface Seen {
  readonly taken: number;
  readonly notes: readonly string[];
}

let built: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'ingot-cache-'));
  for (const module of ['folder-store', 'stage-cache', 'collect-garbage'])
    await bundle(`src/bake/cache/${module}.ts`, join(built, module));
});
afterAll(() => rm(built, { recursive: true }));

test.each([
  ['with space for all stages', 1024 ** 2],
  ['that is repeatedly emptied', 0],
])(
  'several bakes use one cache at the same time, %s: every file that they take is complete',
  async (_, bound) => {
    const folder = await temporaryFolder();
    const [script, cacheFolder] = [join(folder, 'bake.mjs'), join(folder, 'cache')];
    await writeFile(script, program);
    await mkdir(cacheFolder);
    const host = makeHost();
    const runs = [0, 1, 2, 3].map(async (number): Promise<Seen> => {
      const own = join(folder, `run-${number}`);
      const args = [script, built, own, cacheFolder, String(bound), JSON.stringify(stages)];
      return JSON.parse((await host.run(process.execPath, args)).stdout) as Seen;
    });
    const seen = await Promise.all(runs);

    for (const { notes } of seen) expect(notes.filter((line) => line.includes('not written'))).toEqual([]);
    const contents = new Set(stages.map(({ key }) => `made of ${key}`));
    const taken = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /run-\d\/taken-\d+\/file$/.test(path),
    );
    expect(taken).toHaveLength(seen.reduce((sum, one) => sum + one.taken, 0));
    for (const path of taken) expect(contents).toContain(readFileSync(join(folder, path), 'utf8'));
    if (bound === 0) return;
    // Each of the five is made at least once, and at most once by each process.
    for (const one of seen) expect(one.taken).toBeGreaterThanOrEqual(35);
    const { cache } = sampleCache(cacheFolder);
    for (const stage of stages) expect(await cache.take(stage, join(folder, 'at-the-end'))).toBeDefined();
  },
);
