import { bomName } from '../sbom/bom.ts';
import { imagePurl, spdxName } from '../sbom/spdx-document.ts';
import { vexName } from '../vex/vex.ts';

/** The version that attestations are about. */
export interface AttestedVersion {
  readonly role: 'master' | 'slave';
  readonly version: string;
  /** Path of each of its files → SHA-256, hexadecimal. */
  readonly digests: ReadonlyMap<string, string>;
}

/** An in-toto statement (v1) about things, by name and SHA-256 in hexadecimal. */
export const inTotoText = (
  subjects: ReadonlyMap<string, string>,
  predicateType: string,
  predicate: unknown,
): string => {
  const subject = [...subjects].map(([name, sha256]) => ({ name, digest: { sha256 } }));
  return `${JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate })}\n`;
};

/**
 * An in-toto statement (v1) that these files are this version, with the predicate "release" (in-toto attestation
 * framework, spec/predicates/release.md). The same files give the same bytes.
 */
export function releaseStatement({ role, version, digests }: AttestedVersion): string {
  const predicate = { purl: imagePurl({ role, version }) };
  return inTotoText(digests, 'https://in-toto.io/attestation/release/v0.1', predicate);
}

/** The documents about a version that become the predicate of an attestation: file → type of the predicate. */
export const attestedDocuments: Readonly<Record<string, string>> = {
  [bomName]: 'https://cyclonedx.org/bom',
  [spdxName]: 'https://spdx.dev/Document',
  [vexName]: 'https://openvex.dev/ns/v0.2.0',
};

/** The forms of the root, and what boots it: what the documents are about. */
const isForm = (path: string): boolean => !/\.(?:json|cfg|ipxe)$|^SHA256SUMS/.test(path);

/**
 * An in-toto statement (v1) that a document is about the image.
 * @param name a name in attestedDocuments
 * @param text the document, JSON
 */
export function documentStatement(name: string, text: string, { digests }: AttestedVersion): string {
  const forms = new Map([...digests].filter(([path]) => isForm(path)));
  return inTotoText(forms, attestedDocuments[name] ?? '', JSON.parse(text) as unknown);
}
