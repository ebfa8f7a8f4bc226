import { join } from 'node:path';
import { z } from 'zod';
import { smallFile } from '../small-file.ts';
import { vexName } from './vex.ts';

// Source: OpenVEX 0.2.0, "Status Justifications".
const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;

const productSchema = z.object({ '@id': z.string().optional() });
const statementSchema = z.object({
  vulnerability: z.object({ name: z.string().min(1), aliases: z.array(z.string()).optional() }),
  products: z.array(productSchema),
  status: z.string(),
  status_notes: z.string().optional(),
  justification: z.string().optional(),
});
const documentSchema = z.object({
  '@context': z.string().startsWith('https://openvex.dev/ns'),
  statements: z.array(statementSchema),
});

/** What a document of OpenVEX says about a vulnerability: that the product does not have it, and why. */
export interface NotAffected {
  /** A justification of OpenVEX: "vulnerable_code_not_present". */
  readonly justification: (typeof justifications)[number];
  /** How that was found out; empty if the document does not say. */
  readonly notes: string;
}

type Statements = z.output<typeof statementSchema>[];

/** The statements about vulnerabilities of a version; `damaged` if the file is not a document of OpenVEX. */
export async function readVex(folder: string): Promise<Statements | 'none' | 'damaged'> {
  const bytes = await smallFile(join(folder, vexName));
  if (bytes === undefined) return 'none';
  try {
    return documentSchema.parse(JSON.parse(bytes.toString())).statements;
  } catch {
    return 'damaged';
  }
}

const isJustification = (text: string | undefined): text is NotAffected['justification'] =>
  justifications.some((one) => one === text);

/**
 * Whether statements say of all packages that they do not have a vulnerability. A statement without a justification does
 * not count, nor one that another statement about the same package contradicts.
 * @param purls package URLs of the packages with the vulnerability; of none, nothing is said
 */
export function notAffectedBy(
  statements: Statements,
  id: string,
  purls: readonly string[],
): NotAffected | undefined {
  const about = statements.filter(
    ({ vulnerability: { name, aliases = [] } }) => name === id || aliases.includes(id),
  );
  let first: NotAffected | undefined;
  for (const purl of purls) {
    const found = about.filter(({ products }) => products.some((product) => product['@id'] === purl));
    const [one] = found;
    const agree = found.every(
      ({ status, justification }) => status === 'not_affected' && isJustification(justification),
    );
    if (one === undefined || !agree || !isJustification(one.justification)) return undefined;
    first ??= { justification: one.justification, notes: one.status_notes ?? '' };
  }
  return first;
}
