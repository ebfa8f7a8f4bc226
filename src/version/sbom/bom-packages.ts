import { z } from 'zod';

/** A Debian package in a bill of materials, with the source package that it was built from. */
export interface BomPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** SHA-256 of the .deb. */
  readonly sha256: string;
  readonly source: { readonly name: string; readonly version: string };
}

const schema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().optional(),
      purl: z.string().optional(),
      hashes: z.array(z.object({ content: z.string() })).optional(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
});

type Component = z.output<typeof schema>['components'][number];

function packageOf({ name, version, purl, hashes, properties }: Component): BomPackage[] {
  const sha256 = hashes?.[0]?.content;
  const architecture = /[?&]arch=([^&]+)/.exec(purl ?? '')?.[1];
  if (purl?.startsWith('pkg:deb/') !== true || version === undefined || architecture === undefined) return [];
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return [];
  const known = new Map(properties?.map((one) => [one.name.replace('aquasecurity:trivy:', ''), one.value]));
  const [epoch, upstream, revision] = ['SrcEpoch', 'SrcVersion', 'SrcRelease'].map((key) => known.get(key));
  const built =
    upstream === undefined
      ? version
      : `${epoch === undefined ? '' : `${epoch}:`}${upstream}${revision === undefined ? '' : `-${revision}`}`;
  return [
    { name, version, architecture, sha256, source: { name: known.get('SrcName') ?? name, version: built } },
  ];
}

/** The Debian packages in the text of a bill of materials that bomText wrote; undefined if the text is not one. */
export function bomPackages(text: string): BomPackage[] | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data?.components.flatMap(packageOf);
  } catch {
    return undefined;
  }
}
