import type { Spec } from '../cluster-spec/schema.ts';
import type { Path } from '../yaml/find-node.ts';
import { type LocatedFile, placeFinder } from '../yaml/located-error.ts';
import { parseImageDefinition } from './image-definition.ts';
import type { Layer } from './layer.ts';
import type { Role } from './plan.ts';

/** The keys of a section for the keys of an image.yaml. */
const keys: Readonly<Record<string, Path>> = { unitsOn: ['units', 'on'], unitsMasked: ['units', 'masked'] };

/**
 * Returns the units and checks that a section of the spec has itself as a layer without files, so that they are merged
 * and compared like those of an image.yaml.
 * @param file the spec's file, for the places in errors
 */
export function specLayer(spec: Spec, part: 'common' | Role, file: LocatedFile): Layer {
  const { units, checks } = spec[part];
  const nothing = parseImageDefinition('', file.fileName);
  return {
    ...{ name: `${file.fileName}, ${part}`, folder: file.fileName, hasRootfs: false, steps: [] },
    ofSpec: { role: part === 'common' ? null : part },
    definition: { ...nothing, unitsOn: units.on, unitsMasked: units.masked, checks },
    place: ([key = '', ...rest]) => {
      const path = [part, ...(keys[String(key)] ?? [key]), ...rest];
      const { line, column } = placeFinder(file.text).find(path);
      return `${file.fileName}:${line}:${column}`;
    },
  };
}
