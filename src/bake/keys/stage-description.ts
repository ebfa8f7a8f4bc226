import type { Plan, Role, RolePlan } from '../../inputs/plan/plan.ts';
import type { RenderedFile } from '../../render/templates.ts';
import type { Inputs } from '../cache/keyed-stage.ts';
import type { Placement } from '../cache/objects.ts';
import type { StageMaterial } from './stage-material.ts';

/**
 * The texts rendered for a role that a stage may use. A word in upper case replaces each value that is known only
 * during a bake.
 */
export interface RoleTexts {
  readonly plan: Plan;
  readonly role: Role;
  /** The texts of a version, by path in its folder. */
  version(): readonly RenderedFile[];
  /** The seed that a node of the boot test receives. */
  seed(role: Role): readonly RenderedFile[];
}

/** The static part of a stage: its name, its position, and the inputs of its key. */
interface Described {
  /** Also the name of its folder in the cache. */
  readonly name: string;
  /** The stages that it is built from. Their keys are part of its own key, and it needs their output to run. */
  readonly after: readonly StageDescription[];
  /** Stages of the master that are also part of its key. */
  readonly afterMaster?: readonly StageDescription[];
  /** Part of an image: it runs or is taken from the cache whenever an image is published. */
  readonly ofImage?: true;
  /** It adds files to those of this stage: whenever that stage runs, this one runs too. */
  readonly addsTo?: StageDescription;
  /** Its files are files of the image: they are in the folder where the image is staged. */
  readonly inStaged?: true;
  /** Whether its files may share their bytes with the cache; default "link". */
  readonly placement?: Placement;
  /** The Debian packages whose programs write or check its output; their versions are part of the key. */
  readonly programs: readonly string[];
  /** Node.js writes some of its files: the version of Node.js is part of the key. */
  readonly writtenByNode?: true;
}

/** A stage that runs once for all roles. */
export interface SharedDescription extends Described {
  readonly shared: true;
  /** Further inputs of its key, in addition to `after` and `programs`. */
  readonly inputs: (material: StageMaterial) => Inputs;
}

/** A stage that runs for each role. */
export interface RoleDescription extends Described {
  readonly shared?: never;
  /** Further inputs of its key, in addition to `after` and `programs`. */
  readonly inputs: (material: StageMaterial, role: RolePlan) => Inputs;
  /** Path prefixes of the texts of `ingot render` that it uses; among all stages, the longest match counts. */
  readonly rendered?: readonly string[];
  /** The name of such a text in the key; default: its path. */
  readonly renderedName?: (path: string, role: Role) => string;
  /** Further texts that it uses. */
  readonly texts?: (of: RoleTexts) => readonly RenderedFile[];
}

export type StageDescription = SharedDescription | RoleDescription;
