import { createHash } from 'node:crypto';
import type { Role } from '../../inputs/plan/plan.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { uuidV5 } from '../../inputs/plan/uuid.ts';
import { type KnownPackage, type PackageComponent, packageComponent } from './component.ts';
import type { Distribution } from './distribution.ts';
import { neededPackages } from './installed.ts';

/** What a bill of materials states about the image itself. Digests are SHA-256 in hexadecimal. */
export interface DescribedRoot {
  readonly role: Role;
  readonly version: string;
  /** The root hash of dm-verity. */
  readonly rootHash: string;
  readonly squashfsSha256: string;
  readonly manifestSha256: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** What the spec left out of the packages, one line each, with the reason. */
  readonly leftOut?: readonly string[];
}

/** Path of the bill of materials in a version's folder. */
export const bomName = 'sbom.cdx.json';

interface Described extends KnownPackage {
  readonly component: PackageComponent;
}

const refOf = ({ component }: Described): string => component['bom-ref'];
const isForeign = ({ ofDistribution }: Described): boolean => !ofDistribution;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function imageComponent({ role, version, ...root }: DescribedRoot) {
  return {
    type: 'container',
    'bom-ref': `ingot-${role}@${version}`,
    name: `ingot-${role}`,
    version,
    hashes: [{ alg: 'SHA-256', content: root.squashfsSha256 }],
    properties: [
      { name: 'ingot:manifestSha256', value: root.manifestSha256 },
      { name: 'ingot:rootHash', value: root.rootHash },
      ...(root.leftOut ?? []).map((value) => ({ name: 'ingot:leftOut', value })),
    ],
  };
}

/**
 * Writes the bill of materials of a golden root, CycloneDX 1.6 in JSON. The same root and packages give the same bytes.
 * In addition to the packages it has one component for the distribution: scanners need it to know whose advisories to
 * look up.
 */
export function bomText(
  root: DescribedRoot,
  distribution: Distribution,
  packages: readonly KnownPackage[],
): string {
  const image = imageComponent(root);
  const { id, version } = distribution;
  const system = {
    type: 'operating-system',
    'bom-ref': `${id}@${version ?? ''}`,
    name: id,
    ...(version === undefined ? {} : { version }),
  };
  const described = packages
    .map((one) => ({ ...one, component: packageComponent(one, distribution) }))
    .sort((a, b) => byText(refOf(a), refOf(b)));
  const refsOf = (some: readonly Described[]): string[] => some.map(refOf).sort(byText);
  const content = {
    version: 1,
    metadata: {
      timestamp: new Date(root.epoch * 1000).toISOString(),
      tools: { components: [{ type: 'application', name: 'ingot', version: toolVersion }] },
      component: image,
    },
    components: [system, ...described.map(({ component }) => component)],
    dependencies: [
      { ref: image['bom-ref'], dependsOn: [system['bom-ref'], ...refsOf(described.filter(isForeign))] },
      // This tells a scanner which packages the advisories of the distribution are about.
      { ref: system['bom-ref'], dependsOn: refsOf(described.filter((one) => !isForeign(one))) },
      ...neededPackages(described).map(([one, needed]) => ({ ref: refOf(one), dependsOn: refsOf(needed) })),
    ],
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const head = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidV5(`sbom/${digest}`)}`,
  };
  return `${JSON.stringify({ ...head, ...content }, null, 1)}\n`;
}
