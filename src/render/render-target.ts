import type { RolePlan } from '../inputs/plan/plan.ts';
import type { ImageFacts, Target } from '../inputs/targets/target.ts';
import { type TargetText, textsOf } from '../inputs/targets/target-files.ts';
import { bootContextOf, imageArguments } from './render-boot.ts';
import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

/** What the texts of targets say of a role's image. */
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

/** A text of a target that was rendered. */
export type RenderedText = Pick<TargetText, 'folder' | 'name'> & Pick<RenderedFile, 'content'>;

/**
 * The texts of a target for one image.
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

/** The texts of all targets for one image, at their paths in the version's folder. */
export function renderTargets(
  templates: Templates,
  targets: readonly Target[],
  image: ImageFacts,
): readonly RenderedFile[] {
  return targets
    .flatMap((target) => renderTarget(templates, target, image))
    .map(({ folder, name, content }) => ({ path: `${folder}/${name}`, content }));
}
