import { z } from 'zod';
import { localPath } from './fields.ts';
import { checkLayer, checkLayers, layerPathOf } from './layer-rules.ts';

// A rule also runs if a field next to it is wrong, so that all errors are reported at once.
const always = { when: () => true };

const layerPath = localPath.meta({
  title: 'folder of a layer',
  description:
    'a folder with image.yaml, rootfs/, steps/ or templates/; relative paths start at the folder of this file',
  examples: ['site'],
});

const layerEntry = z
  .strictObject({
    path: layerPath.optional(),
    role: z
      .enum(['master', 'slave'])
      .optional()
      .meta({ description: 'the only role that gets it; by default every node does' }),
    replace: z
      .boolean()
      .default(false)
      .meta({
        description: 'true if files of the layer may replace files of images/ and of earlier layers',
        examples: [true],
      }),
  })
  .superRefine(checkLayer, always);

/** Returns the map form of a layer, with a plain path. */
function named(layer: string | z.output<typeof layerEntry>) {
  const { path = '', role, replace } = typeof layer === 'string' ? { path: layer, replace: false } : layer;
  return { path: layerPathOf(path), role, replace };
}

/** The folders of a site that are laid over images/, in their order. */
export const layersSchema = z
  .array(
    z
      .union([layerPath, layerEntry])
      .transform(named)
      .meta({
        title: 'layer',
        description: 'a folder, or a map of path, role and replace',
        examples: ['site', { path: 'gpu', role: 'slave' }],
      }),
  )
  .superRefine(checkLayers, always)
  .default([])
  .meta({
    description: 'folders of the same form as those of images/, laid over them in this order',
    examples: [['site', { path: 'gpu', role: 'slave' }]],
  });

/** A layer of the spec, as written in it. */
export type SpecLayer = z.output<typeof layersSchema>[number];
