import type { Plan, Role, RolePlan } from '../../inputs/plan/plan.ts';
import type { RenderedFile } from '../../render/templates.ts';
import type { Inputs } from '../cache/keyed-stage.ts';
import type { Placement } from '../cache/objects.ts';
import type { StageMaterial } from './stage-material.ts';

/** What a stage may take of the texts that are rendered for a role; where only a bake knows what comes, a word in upper case is in its place. */
export interface RoleTexts {
  readonly plan: Plan;
  readonly role: Role;
  /** The texts of a version, by their paths in its folder. */
  version(): readonly RenderedFile[];
  /** The seed that a node of the boot test is given. */
  seed(role: Role): readonly RenderedFile[];
}

/** The pure half of a stage: what it is called, where it comes, and what its key is made of. */
interface Described {
  /** Also its folder in the cache. */
  readonly name: string;
  /** The stages that it is made from. Their keys are part of its own, and it needs them when it is made. */
  readonly after: readonly StageDescription[];
  /** Stages of the master that are part of its key as well. */
  readonly afterMaster?: readonly StageDescription[];
  /** An image consists of it: it is made or taken whenever an image is published. */
  readonly ofImage?: true;
  /** Its files are added to those of this stage: when that one is made, so is this one. */
  readonly addsTo?: StageDescription;
  /** Its files are files of the image: they are where the image is staged. */
  readonly inStaged?: true;
  /** Whether its files may share their bytes with the cache; default "link". */
  readonly placement?: Placement;
  /** The Debian packages whose programs write or check what it makes; their versions are part of the key. */
  readonly programs: readonly string[];
  /** Node.js itself writes some of its files: its version is part of the key. */
  readonly writtenByNode?: true;
}

/** A stage that is made once for all roles. */
export interface SharedDescription extends Described {
  readonly shared: true;
  /** What its key is made of, besides `after` and `programs`. */
  readonly inputs: (material: StageMaterial) => Inputs;
}

/** A stage that is made for each role. */
export interface RoleDescription extends Described {
  readonly shared?: never;
  /** What its key is made of, besides `after` and `programs`. */
  readonly inputs: (material: StageMaterial, role: RolePlan) => Inputs;
  /** Which texts that `ingot render` shows are used by it: how their paths begin; the longest match of all stages counts. */
  readonly rendered?: readonly string[];
  /** The name that such a text has in the key; default its path. */
  readonly renderedName?: (path: string, role: Role) => string;
  /** Texts that it uses besides those. */
  readonly texts?: (of: RoleTexts) => readonly RenderedFile[];
}

export type StageDescription = SharedDescription | RoleDescription;
