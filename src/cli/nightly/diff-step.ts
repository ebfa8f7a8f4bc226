import { join } from 'node:path';
import { allLayers } from '../../diff/all-layers.ts';
import { diffSides } from '../../diff/diff-sides.ts';
import { findSide } from '../../diff/find-sides.ts';
import { reportOf } from '../../diff/report.ts';
import { reportMarkdown } from '../../diff/report-markdown.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import type { NightFacts } from '../../nightly/night.ts';
import type { NightStep } from '../../nightly/run-steps.ts';
import { storedVersion } from '../../store/stored-version.ts';
import type { diffShape } from '../shapes/difference-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { imagesOf, type NightWork } from './night-work.ts';

type Image = ReturnType<typeof imagesOf>[number];
type Difference = NonNullable<NightFacts['differences']>[number];

async function compare(
  { world, input, out, folder }: NightWork,
  { role, version }: Image,
  before: string,
): Promise<Difference> {
  const [old, young] = await Promise.all(
    [before, version].map((name) => findSide(join(role, name), out, out)),
  );
  if (old === undefined || young === undefined) throw new Error('two sides');
  const diff = await diffSides(world.host, {
    ...{ before: old, after: young },
    pool: poolOf(world, input.pool),
    layers: await allLayers(projectFolder),
  });
  const { diffPage } = await import('../../report/document/diff-page.tsx');
  const report = reportOf(diff, true);
  const texts = {
    [`diff-${role}.html`]: diffPage(report),
    [`diff-${role}.md`]: reportMarkdown(report),
    [`diff-${role}.json`]: jsonText<typeof diffShape>(diff),
  };
  for (const [name, text] of Object.entries(texts)) await writeWholeFile(join(folder, name), text);
  return { role, before, after: version, summary: report.summary, files: Object.keys(texts) };
}

/** Compares each new version with the latest one before the night. */
export const diffStep = (work: NightWork): NightStep => ({
  name: 'diff',
  run: async (facts) => {
    const differences: Difference[] = [];
    const says: string[] = [];
    for (const image of imagesOf(facts)) {
      const before = facts.before?.find(({ role }) => role === image.role)?.version;
      const old = before === undefined ? undefined : await storedVersion(work.out, image.role, before);
      if (before === undefined || old === undefined)
        says.push(`${image.role}: the store has no version before it`);
      else if (before === image.version) says.push(`${image.role}: the same version as before`);
      else {
        const difference = await compare(work, image, before);
        differences.push(difference);
        says.push(...difference.summary.map((line) => `${image.role}: ${line}`));
      }
    }
    return { says, facts: { differences } };
  },
});
