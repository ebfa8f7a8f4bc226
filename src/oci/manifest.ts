import { z } from 'zod';
import type { Descriptor } from './descriptor.ts';

/** Media types of the OCI image specification v1.1. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

/** The bytes of the empty config, which an artifact without one has (manifest.md, "Guidance for an empty descriptor"). */
export const emptyConfig = Buffer.from('{}');

const annotations = z.record(z.string(), z.string()).exactOptional();

// Fields of others, such as the platform, stay when a list is written again.
const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
  artifactType: z.string().exactOptional(),
  annotations,
});

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(mediaTypes.manifest),
  artifactType: z.string().exactOptional(),
  config: descriptor,
  layers: z.array(descriptor),
  subject: descriptor.exactOptional(),
  annotations,
});

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(mediaTypes.index),
  artifactType: z.string().exactOptional(),
  manifests: z.array(descriptor),
  annotations,
});

export type OciManifest = z.output<typeof manifestSchema>;
export type OciIndex = z.output<typeof indexSchema>;

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Parses an image manifest; undefined for anything else. */
export const parseManifest = (text: string): OciManifest | undefined => parsed(manifestSchema, text);

/** Parses an image index; undefined for anything else. */
export const parseIndex = (text: string): OciIndex | undefined => parsed(indexSchema, text);

/** The parts of an artifact's manifest. */
export interface ArtifactParts {
  readonly artifactType: string;
  /** Default: the empty one. */
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  /** The manifest that it is about. */
  readonly subject?: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The bytes of an artifact's manifest; the same parts give the same bytes. */
export function manifestBytes(emptyDescriptor: Descriptor, parts: ArtifactParts): Buffer {
  const { artifactType, config = emptyDescriptor, layers, subject, annotations: notes } = parts;
  return Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: mediaTypes.manifest, artifactType, config, layers },
      ...(subject === undefined ? {} : { subject }),
      ...(notes === undefined ? {} : { annotations: notes }),
    }),
  );
}

/** A manifest in an index, with the platform by which other tools choose. */
export interface IndexedManifest extends Descriptor {
  readonly platform?: { readonly architecture: string; readonly os: string };
}

/** The bytes of an index. */
export function indexBytes(
  manifests: readonly IndexedManifest[],
  more: { readonly artifactType?: string; readonly annotations?: Readonly<Record<string, string>> } = {},
): Buffer {
  const { artifactType, annotations: notes } = more;
  return Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: mediaTypes.index },
      ...(artifactType === undefined ? {} : { artifactType }),
      manifests,
      ...(notes === undefined ? {} : { annotations: notes }),
    }),
  );
}
