import { z } from 'zod';

const id = z.string().regex(/^SPDXRef-[a-zA-Z0-9.-]+$/);
const checksum = z.strictObject({
  algorithm: z.literal('SHA256'),
  checksumValue: z.string().regex(/^[0-9a-f]{64}$/),
});
const noAssertion = z.literal('NOASSERTION');
/** SPDX 2.3, annex D: an identifier, as ingot writes no longer expression. */
const licence = z.string().regex(/^(?:NOASSERTION|[A-Za-z0-9.-]+\+?)$/);

/** SPDX 2.3, clause 7: every field that ingot may write, with the restrictions of its text and of the JSON schema. */
const element = z.strictObject({
  SPDXID: id,
  name: z.string().min(1),
  versionInfo: z.string().min(1).optional(),
  packageFileName: z.string().optional(),
  supplier: z
    .string()
    .regex(/^(?:NOASSERTION|(?:Person|Organization): .+)$/)
    .optional(),
  downloadLocation: noAssertion,
  filesAnalyzed: z.literal(false),
  primaryPackagePurpose: z.enum(['CONTAINER', 'OPERATING-SYSTEM']).optional(),
  checksums: z.array(checksum).min(1).optional(),
  sourceInfo: z.string().optional(),
  licenseConcluded: noAssertion,
  licenseDeclared: licence,
  licenseComments: z.string().optional(),
  copyrightText: noAssertion,
  comment: z.string().optional(),
  externalRefs: z
    .array(
      z.strictObject({
        referenceCategory: z.literal('PACKAGE-MANAGER'),
        referenceType: z.literal('purl'),
        referenceLocator: z.string().regex(/^pkg:\S+$/),
      }),
    )
    .optional(),
});

/** The schema of sbom.spdx.json: an SPDX 2.3 document whose relationships name only its own elements. */
export const spdxSchema = z
  .strictObject({
    spdxVersion: z.literal('SPDX-2.3'),
    dataLicense: z.literal('CC0-1.0'),
    SPDXID: z.literal('SPDXRef-DOCUMENT'),
    documentNamespace: z.string().regex(/^[a-z][a-z0-9+.-]*:[^#\s]+$/),
    name: z.string().min(1),
    creationInfo: z.strictObject({
      created: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      creators: z.array(z.string().regex(/^Tool: \S+-\S+$/)).min(1),
    }),
    packages: z.array(element).min(1),
    relationships: z.array(
      z.strictObject({
        spdxElementId: id,
        relationshipType: z.enum(['DESCRIBES', 'CONTAINS', 'DEPENDS_ON']),
        relatedSpdxElement: id,
      }),
    ),
  })
  .refine(({ packages, relationships }) => {
    const known = new Set([...packages.map(({ SPDXID }) => SPDXID), 'SPDXRef-DOCUMENT']);
    const unique = known.size === packages.length + 1;
    return unique && relationships.every((one) => known.has(one.spdxElementId) && known.has(one.relatedSpdxElement)); // prettier-ignore
  }, 'an element has no identifier of its own, or a relationship names an unknown one');
