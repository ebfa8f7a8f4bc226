import { z } from 'zod';

const iri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/);
const component = z.strictObject({ '@id': iri });
const unique = (all: readonly unknown[]): boolean =>
  new Set(all.map((one) => JSON.stringify(one))).size === all.length;

/**
 * The schema of vex.openvex.json, by the JSON schema of OpenVEX 0.2.0: at least one statement, no two that are the
 * same; a statement of not_affected has a justification or an impact statement, and not both.
 */
export const vexSchema = z.strictObject({
  '@context': z.literal('https://openvex.dev/ns/v0.2.0'),
  '@id': iri,
  author: z.string().min(1),
  role: z.string(),
  timestamp: z.iso.datetime(),
  version: z.int().min(1),
  tooling: z.string(),
  statements: z
    .array(
      z.strictObject({
        vulnerability: z.strictObject({ '@id': iri, name: z.string().min(1) }),
        products: z
          .array(component.extend({ subcomponents: z.array(component).min(1).refine(unique).optional() }))
          .min(1)
          .refine(unique),
        status: z.literal('not_affected'),
        status_notes: z.string(),
        justification: z.enum([
          'component_not_present',
          'vulnerable_code_not_present',
          'vulnerable_code_not_in_execute_path',
          'vulnerable_code_cannot_be_controlled_by_adversary',
          'inline_mitigations_already_exist',
        ]),
      }),
    )
    .min(1)
    .refine(unique),
});
