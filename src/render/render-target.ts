import type { RolePlan } from '../inputs/plan/plan.ts';
import type { ImageFacts, Target } from '../inputs/targets/target.ts';
import { type TargetText, textsOf } from '../inputs/targets/target-files.ts';
import { bootContextOf, imageArguments } from './render-boot.ts';
import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

/** The facts about a role's image that the texts of targets use. */
export function imageFactsOf(
  rolePlan: Pick<RolePlan, 'role' | 'kernelArguments'>,
  sealed: Pick<ImageFacts, 'version' | 'rootHash' | 'memoryMiB' | 'diskBytes'>,
): ImageFacts {
  const context = bootContextOf(rolePlan, sealed);
  const { version, rootHash, memoryMiB, diskBytes } = sealed;
  return {
    ...{ role: rolePlan.role, title: context.title, version, rootHash, memoryMiB, diskBytes },
    kernelArguments: imageArguments(context),
  };
}

/** A rendered text of a target. */
export type RenderedText = Pick<TargetText, 'folder' | 'name'> & Pick<RenderedFile, 'content'>;

/**
 * Renders the texts of a target for one image.
 * @throws IngotError wrong-template for a template that is missing or does not fit
 */
export function renderTarget(
  templates: Templates,
  target: Target,
  image: ImageFacts,
): readonly RenderedText[] {
  const values = target.texts?.values(image) ?? {};
  return textsOf(target).map(({ folder, name, template }) => ({
    ...{ folder, name },
    content: renderFrom(templates, template, values),
  }));
}

/** Renders the texts of all targets for one image, with their paths in the version's folder. */
export function renderTargets(
  templates: Templates,
  targets: readonly Target[],
  image: ImageFacts,
): readonly RenderedFile[] {
  return targets
    .flatMap((target) => renderTarget(templates, target, image))
    .map(({ folder, name, content }) => ({ path: `${folder}/${name}`, content }));
}
