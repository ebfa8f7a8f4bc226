import type { Role } from '../inputs/plan/plan.ts';
import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

export interface BuildSeedContext {
  readonly role: Role;
  /** The public key of this bake, one line as in authorized_keys(5). */
  readonly authorizedKey: string;
}

/** Renders the NoCloud seed of one role's build guest: user-data and meta-data, for the root folder of the CD. */
export function renderBuildSeed(templates: Templates, context: BuildSeedContext): readonly RenderedFile[] {
  return ['user-data', 'meta-data'].map((path) => ({
    path,
    content: renderFrom(templates, `cloud-init/build/${path}.yaml.hbs`, context),
  }));
}
