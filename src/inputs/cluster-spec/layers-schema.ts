import { z } from 'zod';
import { localPath, sha256 } from './fields.ts';
import { fetchedLayerName, layerNamePattern } from './layer-name.ts';
import { checkLayer, checkLayers, layerPathOf } from './layer-rules.ts';

// A rule also runs if a field next to it is wrong, so that all errors are reported at once.
const always = { when: () => true };

const layerPath = localPath.meta({
  title: 'folder of a layer',
  description:
    'a folder with image.yaml, rootfs/, steps/ or templates/; relative paths start at the folder of this file',
  examples: ['site'],
});

// Only what git itself fetches: no remote helper (ext::, fd::), nothing that a program could read as an option.
const gitAddress = z
  .string()
  .regex(
    /^(?:(?:https?|ssh|git):\/\/(?:[^\s/@\p{Cc}]*@)?(?!-)[^\s/@\p{Cc}]+\/[^\s\p{Cc}]+|file:\/\/\/[^\p{Cc}]+|(?!-)(?![^/]*:)[^\p{Cc}]+)$/u,
  )
  .meta({
    title: 'git repository',
    description:
      'an https, http, ssh, git or file URL, or a path (relative paths start at the folder of this file); ssh://git@HOST/PATH for git@HOST:PATH',
    examples: ['https://git.example.org/site/monitoring.git'],
  });

// git-check-ref-format(1); a leading hyphen would be an option.
const gitRef = z
  .string()
  .regex(
    /^(?![-+/.])(?!@$)(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s\p{Cc}~^:?*[\\]*[^\s\p{Cc}~^:?*[\\./]$/u,
  )
  .meta({
    title: 'git ref',
    description: 'a tag, a branch, or a whole commit id; ingot lock fixes the commit',
    examples: ['v1.4.0'],
  });

const archivePlace = z
  .string()
  .regex(/^(?:https?:\/\/[^\s/\p{Cc}]+\/[^\s\p{Cc}]+|(?![A-Za-z][A-Za-z0-9+.-]*:)[^\p{Cc}]+)$/u)
  .meta({
    title: 'archive of a layer',
    description: 'a tar.gz, tar.xz, tar.zst or tar: a path, or an http(s) URL; with sha256 and name',
    examples: ['https://files.example.org/site-1.4.tar.gz'],
  });

const layerFolder = z
  .string()
  .regex(/^(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)*\/?$/u)
  .meta({
    title: 'folder in a repository or archive',
    description: 'a relative path without . and .., to the folder that is the layer',
    examples: ['layers/monitoring'],
  });

const layerEntry = z
  .strictObject({
    path: layerPath.optional(),
    git: gitAddress.optional(),
    ref: gitRef.optional(),
    archive: archivePlace.optional(),
    sha256: sha256.optional(),
    folder: layerFolder.optional(),
    name: z
      .string()
      .regex(layerNamePattern)
      .optional()
      .meta({
        title: 'name of a layer',
        description: 'its name in keys and reports; of a git repository by default that of the repository',
        examples: ['monitoring'],
      }),
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

/** Where a layer comes from that is not a folder of this machine. */
export interface FetchedSource {
  /** As written, with credentials. */
  readonly git?: string;
  readonly ref?: string;
  /** As written, with credentials. */
  readonly archive?: string;
  /** Of the archive. */
  readonly sha256?: string;
  /** Without a slash at the end. */
  readonly folder?: string;
}

/** A layer of the spec. */
export interface SpecLayer {
  /** The plain path of its folder; of a fetched layer its name. */
  readonly path: string;
  readonly role?: 'master' | 'slave' | undefined;
  readonly replace: boolean;
  readonly fetched?: FetchedSource;
}

/** Returns the map form of a layer, with a plain path. */
function named(layer: string | z.output<typeof layerEntry>): SpecLayer {
  if (typeof layer === 'string') return { path: layerPathOf(layer), role: undefined, replace: false };
  const { path = '', role, replace, git, ref, archive, sha256: digest } = layer;
  if (git === undefined && archive === undefined) return { path: layerPathOf(path), role, replace };
  const folder = layer.folder?.replace(/\/$/, '');
  const fetched: FetchedSource = {
    ...(git === undefined ? {} : { git }),
    ...(ref === undefined ? {} : { ref }),
    ...(archive === undefined ? {} : { archive }),
    ...(digest === undefined ? {} : { sha256: digest }),
    ...(folder === undefined ? {} : { folder }),
  };
  return { path: fetchedLayerName(layer) ?? '', role, replace, fetched };
}

/** The folders of a site that are laid over images/, in their order. */
export const layersSchema = z
  .array(
    z
      .union([layerPath, layerEntry])
      .transform(named)
      .meta({
        title: 'layer',
        description: 'a folder, or a map of path, git or archive, with role and replace',
        examples: ['site', { path: 'gpu', role: 'slave' }],
      }),
  )
  .superRefine(checkLayers, always)
  .default([])
  .meta({
    description: 'folders of the same form as those of images/, laid over them in this order',
    examples: [['site', { path: 'gpu', role: 'slave' }]],
  });
