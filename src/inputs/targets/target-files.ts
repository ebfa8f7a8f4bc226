import type { DiskFile, Target } from './target.ts';

/** A text file of a target. */
export interface TargetText {
  /** Folder of the version, and the file's name in it. */
  readonly folder: string;
  readonly name: string;
  /** The template that it is rendered from, below templates/. */
  readonly template: string;
}

/** Returns the text files of a target. */
export function textsOf({ texts }: Target): readonly TargetText[] {
  if (texts === undefined) return [];
  const { folder, names, templates } = texts;
  return names.map((name) => ({ folder, name, template: `${templates}/${name}.hbs` }));
}

/** Returns the paths in a version of the texts that pass the root hash to a kernel. */
export function textsWithRootHash(targets: readonly Target[]): readonly string[] {
  return targets.flatMap(({ texts }) =>
    texts === undefined ? [] : texts.withRootHash.map((name) => `${texts.folder}/${name}`),
  );
}

function linksToDisk(disks: readonly DiskFile[]): readonly (readonly [string, string])[] {
  const made = new Set(disks.map(({ path }) => path));
  return disks.flatMap(({ path, sameAs }) =>
    sameAs !== undefined && made.has(sameAs) ? [[path, sameAs] as const] : [],
  );
}

/**
 * Returns the hard links through which the targets of one image share their bytes: path in a version → path of the file
 * that it is linked to.
 */
export function linksOf(targets: readonly Target[]): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...targets.flatMap(({ links }) => Object.entries(links)),
    ...linksToDisk(targets.flatMap(({ disks }) => disks)),
  ]);
}

/** Returns the disk files that have to be written for the targets: all except links to another one. */
export function disksOf(targets: readonly Target[]): readonly DiskFile[] {
  const links = linksOf(targets);
  return targets.flatMap(({ disks }) => disks).filter(({ path }) => !Object.hasOwn(links, path));
}
