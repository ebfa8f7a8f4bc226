import { createHash } from 'node:crypto';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { uuidV5 } from '../../inputs/plan/uuid.ts';
import { dateText } from '../manifest.ts';
import type { DescribedRoot } from './bom.ts';
import { type KnownPackage, packageComponent } from './component.ts';
import type { Distribution } from './distribution.ts';
import { neededPackages } from './installed.ts';
import type { Licence } from './licence-list.ts';

/** Path of the SPDX document in a version's folder. */
export const spdxName = 'sbom.spdx.json';

const noAssertion = 'NOASSERTION';
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An identifier of SPDX: letters, digits, points and hyphens (SPDX 2.3, 7.2); any other character as its number. */
const elementId = (text: string): string =>
  `SPDXRef-${text.replace(/[^A-Za-z0-9.]/g, (one) => (one === '-' ? '-' : `-${one.charCodeAt(0)}-`))}`;

const packageId = ({ installed: { name, architecture } }: KnownPackage): string =>
  elementId(`Package-deb-${name}-${architecture}`);

/**
 * The licences of a package. Debian's files do not say whether several are joined by "and" or "or", so only a single
 * one is an expression; the others are named in a comment.
 */
function licensing(licences: readonly Licence[]) {
  const names = licences.map(({ license }) => ('id' in license ? license.id : license.name));
  const [only] = licences;
  const single = licences.length === 1 && only !== undefined && 'id' in only.license;
  return {
    licenseConcluded: noAssertion,
    licenseDeclared: single ? names[0] : noAssertion,
    ...(single || names[0] === noAssertion
      ? {}
      : { licenseComments: `Debian's copyright file names: ${names.join('; ')}` }),
    copyrightText: noAssertion,
  };
}

function packageElement(known: KnownPackage, distribution: Distribution) {
  const { purl, licenses, hashes, supplier } = packageComponent(known, distribution);
  const { name, version, source } = known.installed;
  return {
    SPDXID: packageId(known),
    name,
    versionInfo: version,
    supplier: supplier === undefined ? noAssertion : `Organization: ${supplier.name}`,
    downloadLocation: noAssertion,
    filesAnalyzed: false,
    checksums: hashes.map(({ content }) => ({ algorithm: 'SHA256', checksumValue: content })),
    // Trivy and Syft write and read the source package in this form.
    sourceInfo: `built package from: ${source.name} ${source.version}`,
    ...licensing(licenses),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  };
}

function imageElement({ role, version, ...root }: DescribedRoot) {
  return {
    SPDXID: elementId(`Image-${role}`),
    name: `ingot-${role}`,
    versionInfo: version,
    downloadLocation: noAssertion,
    filesAnalyzed: false,
    primaryPackagePurpose: 'CONTAINER',
    packageFileName: 'root.squashfs',
    checksums: [{ algorithm: 'SHA256', checksumValue: root.squashfsSha256 }],
    licenseConcluded: noAssertion,
    licenseDeclared: noAssertion,
    copyrightText: noAssertion,
    comment: [
      `dm-verity root hash ${root.rootHash}`,
      `SHA-256 of the manifest ${root.manifestSha256}`,
      ...(root.leftOut ?? []).map((line) => `left out: ${line}`),
    ].join('\n'),
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: imagePurl({ role, version }),
      },
    ],
  };
}

function systemElement({ id, version }: Distribution) {
  return {
    SPDXID: elementId('OperatingSystem'),
    name: id,
    ...(version === undefined ? {} : { versionInfo: version }),
    downloadLocation: noAssertion,
    filesAnalyzed: false,
    primaryPackagePurpose: 'OPERATING-SYSTEM',
    licenseConcluded: noAssertion,
    licenseDeclared: noAssertion,
    copyrightText: noAssertion,
  };
}

/** The package URL of an image, which is not a package of any manager (purl specification, type generic). */
export const imagePurl = ({ role, version }: Pick<DescribedRoot, 'role' | 'version'>): string =>
  `pkg:generic/ingot-${role}@${version}`;

/**
 * Writes the bill of materials of a golden root as an SPDX 2.3 document in JSON: the same packages, digests, package
 * URLs and dependencies as the CycloneDX one. The same root and packages give the same bytes.
 */
export function spdxText(
  root: DescribedRoot,
  distribution: Distribution,
  packages: readonly KnownPackage[],
): string {
  const [image, system] = [imageElement(root), systemElement(distribution)];
  const sorted = [...packages].sort((a, b) => byText(packageId(a), packageId(b)));
  const related = (from: string, relationshipType: string, to: string) => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  const content = {
    name: `ingot-${root.role}-${root.version}`,
    creationInfo: { created: dateText(root.epoch), creators: [`Tool: ingot-${toolVersion}`] },
    packages: [image, system, ...sorted.map((one) => packageElement(one, distribution))],
    relationships: [
      related('SPDXRef-DOCUMENT', 'DESCRIBES', image.SPDXID),
      related(image.SPDXID, 'CONTAINS', system.SPDXID),
      ...sorted.map((one) => related(image.SPDXID, 'CONTAINS', packageId(one))),
      ...neededPackages(sorted).flatMap(([one, needed]) =>
        needed
          .map(packageId)
          .sort(byText)
          .map((other) => related(packageId(one), 'DEPENDS_ON', other)),
      ),
    ],
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const head = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    documentNamespace: `urn:uuid:${uuidV5(`spdx/${digest}`)}`,
  };
  return `${JSON.stringify({ ...head, ...content }, null, 1)}\n`;
}
