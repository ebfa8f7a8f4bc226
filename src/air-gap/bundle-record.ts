import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import { isVersionName } from '../version/version-name.ts';

/** Where the parts of a bundle are in it. */
export const bundlePlaces = {
  sums: 'SHA256SUMS',
  signature: 'SHA256SUMS.dsse',
  record: 'bundle.json',
  readme: 'README.md',
  store: 'store',
  lock: 'cluster.lock.json',
  pool: 'pool',
  tools: 'tools',
  docs: 'docs',
} as const;

/** The type of the signed payload: a signature of a version is not one of a bundle. */
export const bundleType = 'application/vnd.ingot.bundle';

const schema = z.strictObject({
  schema: z.literal(1),
  /** The version of ingot that wrote it, which is in its tools. */
  ingot: z.string(),
  cluster: z.string(),
  /** ISO 8601. */
  created: z.iso.datetime(),
  versions: z
    .array(
      z.strictObject({
        role: z.enum(allRoles),
        version: z.string().refine(isVersionName),
        rootHash: z.string(),
        standIns: z.boolean(),
      }),
    )
    .readonly(),
  packages: z.int().nonnegative(),
});

/** bundle.json: what a bundle contains. */
export type BundleRecord = Readonly<z.infer<typeof schema>>;

/** The text of bundle.json. */
export const bundleRecordText = (record: BundleRecord): string => `${JSON.stringify(record, null, 2)}\n`;

/** Parses bundle.json; undefined if it is not valid. */
export function parseBundleRecord(text: string): BundleRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
