import { type Context, fail, failWithSecondPlace, record } from './rules.ts';

/** Checks a layer of the spec: it names its folder. */
export function checkLayer(value: unknown, context: Context): void {
  const layer = record(value);
  if (layer === undefined || Array.isArray(value)) return;
  if (layer['path'] === undefined) fail(context, [], 'a layer without its folder', 'path: FOLDER');
}

/** Returns the path of a layer without what does not change its meaning: "./site/" is "site". */
export function layerPathOf(written: string): string {
  const parts = written.split('/').filter((part, index) => part !== '.' && (part !== '' || index === 0));
  return parts.length === 0 || (parts.length === 1 && parts[0] === '') ? written : parts.join('/');
}

/** Checks that the layers of the spec are different ones: a layer that is listed twice would replace itself. */
export function checkLayers(layers: unknown, context: Context): void {
  if (!Array.isArray(layers)) return;
  const seen = new Map<string, number>();
  layers.forEach((layer: unknown, index) => {
    const written = typeof layer === 'string' ? layer : record(layer)?.['path'];
    if (typeof written !== 'string') return;
    const path = layerPathOf(written);
    const first = seen.get(path);
    if (first === undefined) seen.set(path, index);
    else
      failWithSecondPlace(context, {
        ...{ path: [index], message: `the layer ${written} is listed twice` },
        ...{ right: 'each layer once; without role it is for every node', firstAt: [first] },
      });
  });
}
