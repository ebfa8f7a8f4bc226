import type { Plan, SiteLayer } from './plan.ts';

/** Returns the layer of the spec that a folder of the plan belongs to: the innermost one. */
export function siteLayerOf(
  { siteLayers = [] }: Pick<Plan, 'siteLayers'>,
  folder: string,
): SiteLayer | undefined {
  return siteLayers
    .filter((layer) => folder === layer.folder || folder.startsWith(`${layer.folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** Returns the name of a folder of a layer as people know it: "site/rootfs", wherever the spec is. */
export function siteName({ name, folder: layer }: SiteLayer, folder: string): string {
  return `${name}${folder.slice(layer.length)}`;
}
