import type { StageDescription } from '../keys/stage-description.ts';
import { artifacts } from './artifacts.ts';
import { changes } from './changes.ts';
import { packages } from './packages.ts';
import { root } from './root.ts';
import { shared } from './shared.ts';
import { tree } from './tree.ts';
import { verification } from './verification.ts';

/** The stages of a bake, each after the stages that it is built from. */
export const allStages: readonly StageDescription[] = [
  shared,
  packages,
  tree,
  changes,
  root,
  artifacts,
  verification,
];

export const stageNames: readonly string[] = allStages.map(({ name }) => name);
