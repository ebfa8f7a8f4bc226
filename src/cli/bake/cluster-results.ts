import { exitCodes } from '../../host/ingot-error.ts';
import { expectedError } from '../expected-error.ts';
import { explainFailure } from '../explain-failure.ts';
import type { bakeClustersShape } from '../shapes/small-shapes.ts';
import { type DocumentOf, jsonText } from '../shared/json-text.ts';
import { bugText } from '../show-error.ts';
import type { World } from '../world.ts';
import type { BakeInput } from './options.ts';
import type { ClusterBake } from './several-specs.ts';
import { foldersText, imagesData } from './text.ts';

/** How the bake of one of several clusters ended. */
export type ClusterResult = DocumentOf<typeof bakeClustersShape>['clusters'][number];

/** Prints why the bake of a cluster failed, as for a bake of only that cluster; returns its result. */
export async function failedCluster(
  world: World,
  options: BakeInput,
  { cluster, specFile: spec, out }: ClusterBake,
  thrown: unknown,
): Promise<ClusterResult> {
  const failed = { cluster, spec, out, status: 'failed', images: [] } as const;
  const error = expectedError(thrown, world.signal);
  if (error === undefined) {
    world.err(`\n${cluster}\n${bugText(thrown)}`);
    return { ...failed, exit: exitCodes.failed, error: { code: 'bug', message: String(thrown) } };
  }
  const colour = world.stream.isTTY && world.env['NO_COLOR'] === undefined;
  // By itself it has a store of its own, which is that of its name.
  const args = ['bake', spec, '--out', out];
  const input = { ...options, spec, out };
  const text = await explainFailure(world, { name: 'bake', args, input }, { error, thrown, colour });
  world.err(`\n${cluster}\n${text}`);
  return { ...failed, exit: error.exitCode, error: { code: error.code, message: error.message } };
}

/** The exit status of all: the highest. */
export const worstExit = (results: readonly ClusterResult[]): number =>
  Math.max(exitCodes.done, ...results.map(({ exit }) => exit));

/** What `ingot bake` of several specs prints on stdout: the folder of each image on a line, or a document. */
export function clustersText(results: readonly ClusterResult[], json: boolean): string {
  if (!json) return results.map(({ images }) => foldersText(images, false)).join('');
  const clusters = results.map((one) => ({ ...one, images: imagesData(one.images) }));
  return jsonText<typeof bakeClustersShape>({ schema: 1, clusters });
}
