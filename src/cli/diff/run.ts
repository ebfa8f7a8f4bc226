import { resolve } from 'node:path';
import { allLayers } from '../../diff/all-layers.ts';
import { diffSides } from '../../diff/diff-sides.ts';
import { findSide } from '../../diff/find-sides.ts';
import type { ImageDiff } from '../../diff/image-diff.ts';
import { reportOf } from '../../diff/report.ts';
import { reportMarkdown } from '../../diff/report-markdown.ts';
import { reportText } from '../../diff/report-text.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import type { diffShape } from '../shapes/difference-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { DiffInput } from './options.ts';

async function formatted(diff: ImageDiff, { format, all }: DiffInput): Promise<string> {
  if (format === 'json') return jsonText<typeof diffShape>(diff);
  const report = reportOf(diff, all);
  if (format === 'text') return reportText(report);
  if (format === 'markdown') return reportMarkdown(report);
  const { diffPage } = await import('../../report/document/diff-page.tsx');
  return diffPage(report);
}

/** ingot diff: prints how two versions, or two locks, differ; exit 3 if they do. */
export async function diff(world: World, options: DiffInput): Promise<number> {
  const out = resolve(world.cwd, options.out);
  const [before, after] = await Promise.all([
    findSide(options.before, world.cwd, out),
    findSide(options.after, world.cwd, out),
  ]);
  const layers = await allLayers(projectFolder);
  const pool = poolOf(world, options.pool);
  const found = await diffSides(world.host, { before, after, pool, layers });
  world.out(await formatted(found, options));
  return found.same ? exitCodes.done : exitCodes.difference;
}
