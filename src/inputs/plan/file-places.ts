import type { Spec } from '../cluster-spec/schema.ts';
import { type LocatedFile, placeFinder } from '../yaml/located-error.ts';
import { specFiles } from './file-rules.ts';
import type { RolePaths } from './path-fact.ts';
import type { FolderFiles } from './placed-files.ts';
import type { PlacedFile, Plan } from './plan.ts';

interface FilePlaces {
  /** The spec's file. */
  readonly file: LocatedFile;
  readonly paths: readonly RolePaths[];
  /** The folders that the spec names with `from`. */
  readonly trees: ReadonlyMap<string, FolderFiles> | undefined;
}

/**
 * Returns the plan with notes on each file of the spec: where the spec names it, and which file of images/ it replaces.
 */
export function withFilePlaces(plan: Plan, spec: Spec, { file, paths, trees }: FilePlaces): Plan {
  const { find } = placeFinder(file.text);
  return {
    ...plan,
    roles: plan.roles.map((role) => {
      const written = new Map(specFiles(spec, role.role, trees).map((one) => [one.path, one]));
      const images = paths.find((one) => one.role === role.role)?.files;
      const files = role.files.map((placed): PlacedFile => {
        const one = written.get(placed.path);
        if (one === undefined) return placed;
        const { line, column } = find([...one.at, 'path']);
        const from = images?.get(placed.path);
        const notes = [
          ...(one.written === placed.path ? [] : [`written as ${one.written}`]),
          ...(from === undefined ? [] : [`replaces ${from}`]),
        ];
        const said = `${file.fileName}:${line}:${column}`;
        return { ...placed, said, ...(notes.length === 0 ? {} : { note: notes.join(', ') }) };
      });
      return { ...role, files };
    }),
  };
}
