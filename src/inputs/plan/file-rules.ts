import { canonicalNodePath, isFolderOfDebian, whyTooLong } from '../cluster-spec/node-path.ts';
import { isDerived } from '../cluster-spec/own-paths.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import type { Role } from '../roles.ts';
import type { LocatedProblem } from '../yaml/located-error.ts';
import { above } from './folders-above.ts';
import type { RolePaths } from './path-fact.ts';
import { type FolderFiles, pathsOfFile } from './placed-files.ts';

/** A file of the spec, with its place in it. */
export interface SpecFile {
  readonly at: readonly ['common' | Role | 'seed', 'files', number];
  /** The real path on the node. */
  readonly path: string;
  readonly written: string;
  readonly mode: string;
}

type Trees = ReadonlyMap<string, FolderFiles>;

function filesOf(spec: Spec, part: SpecFile['at'][0], trees?: Trees): readonly SpecFile[] {
  return spec[part].files.flatMap((file, index) =>
    pathsOfFile(file, part === 'seed' ? undefined : trees).map(({ path, mode }) => ({
      at: [part, 'files', index] as const,
      ...{ path: canonicalNodePath(path), written: path, mode },
    })),
  );
}

/**
 * Returns the files of a role, in the order in which later ones override earlier ones.
 * @param trees the folders that the spec names with `from`
 */
export function specFiles(spec: Spec, role: Role, trees?: Trees): readonly SpecFile[] {
  return [...filesOf(spec, 'common', trees), ...filesOf(spec, role, trees)];
}

interface Wrong {
  readonly message: string;
  readonly right: string;
  readonly other?: LocatedProblem['other'];
}

const elsewhere = 'a path that nothing else has';

/** Explains why nothing can be put there at all. */
function impossible({ path }: SpecFile, { files, folders }: RolePaths): Wrong | undefined {
  const long = whyTooLong(path);
  if (long !== undefined) return { message: long, right: 'a shorter one' };
  if (isFolderOfDebian(path))
    return { message: 'is a folder of every Debian system', right: `a file in it, such as ${path}/NAME` };
  if (folders.has(path))
    return { message: 'is a folder of images/', right: `a file in it, such as ${path}/NAME` };
  const parent = above(path).find((folder) => files.has(folder));
  return parent === undefined
    ? undefined
    : { message: `is below ${parent}, which is the file ${files.get(parent) ?? ''}`, right: elsewhere };
}

/** Explains why the file would be missing in the image, or would break it. */
function lost({ path, mode }: SpecFile, { facts }: RolePaths): Wrong | undefined {
  if (isDerived(path))
    return {
      message: 'is written on each node, from the seed and its own address',
      right: 'nothing: each node makes it itself, so what the image has there is never read',
    };
  const fact = facts.find((one) => one.matches(path) && one.mode !== mode);
  if (fact === undefined) return undefined;
  return { message: fact.why(path), right: fact.instead(path) };
}

/** Checks whether two files of a role exclude each other. */
function collision(file: SpecFile, all: readonly SpecFile[]): Wrong | undefined {
  const parent = above(file.path)
    .map((folder) => all.find(({ path }) => path === folder))
    .find((found) => found !== undefined);
  if (parent !== undefined)
    return {
      message: `is below ${parent.written}, which is a file of this spec`,
      right: 'one of the two',
      other: { what: 'the other', path: [...parent.at, 'path'] },
    };
  const twin = all.find(
    (one) => one.path === file.path && one.at[0] === file.at[0] && one.at[2] < file.at[2],
  );
  if (twin !== undefined)
    return {
      message: 'is a file of another entry too',
      right: 'each path once',
      other: { what: 'the other', path: [...twin.at, 'path'] },
    };
  // In the opposite case the lower file is reported, unless it is in the image long before this one is written.
  const child =
    file.at[0] === 'seed'
      ? all.find(({ at, path }) => at[0] !== 'seed' && path.startsWith(`${file.path}/`))
      : undefined;
  return child === undefined
    ? undefined
    : {
        message: `is a folder in the image, for ${child.written} is a file of this spec`,
        right: 'one of the two',
        other: { what: 'the other', path: [...child.at, 'path'] },
      };
}

/**
 * Finds errors in the files of a spec that its own text does not show: files that a later stage removes or overwrites,
 * that belong to images/, or that collide. Each file is reported once, for the first role for which it is wrong.
 */
export function fileProblems(spec: Spec, roles: readonly RolePaths[], trees?: Trees): LocatedProblem[] {
  const problems = new Map<string, LocatedProblem>();
  for (const role of roles) {
    const ofImage = specFiles(spec, role.role, trees);
    // The rules of the section seed check what it may write; here it is checked whether it can.
    const ofSeed = filesOf(spec, 'seed');
    const all = [...ofImage, ...ofSeed];
    const alone = new Map([
      ...ofImage.map((file) => [file, impossible(file, role) ?? lost(file, role)] as const),
      ...ofSeed.map((file) => [file, impossible(file, role)] as const),
    ]);
    // A file that cannot exist at all does not collide with others.
    const possible = all.filter((file) => alone.get(file) === undefined);
    for (const file of all) {
      const wrong = alone.get(file) ?? collision(file, possible);
      const key = file.at.join('.');
      if (wrong === undefined || problems.has(key)) continue;
      const path = file.path === file.written ? file.path : `${file.written} (${file.path} on a node)`;
      const { message, ...more } = wrong;
      problems.set(key, { path: [...file.at, 'path'], message: `${path} ${message}`, ...more });
    }
  }
  return [...problems.values()];
}
