import { createHash } from 'node:crypto';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { uuidV5 } from '../../inputs/plan/uuid.ts';
import { dateText } from '../manifest.ts';
import type { DescribedRoot } from '../sbom/bom.ts';
import { type KnownPackage, packageComponent } from '../sbom/component.ts';
import type { Distribution } from '../sbom/distribution.ts';
import { imagePurl } from '../sbom/spdx-document.ts';
import type { RootEvidence } from './root-evidence.ts';
import { type Condition, type Rule, rules } from './rules.ts';

/** Path of the statements about vulnerabilities in a version's folder. */
export const vexName = 'vex.openvex.json';

/** A justification of OpenVEX, and what in the image shows it; undefined if the image does not. */
function shownBy(
  when: Condition,
  { modules, masked, packages }: RootEvidence,
): { readonly justification: string; readonly evidence: string } | undefined {
  if ('moduleAbsent' in when) {
    const evidence = `the root has no kernel module ${when.moduleAbsent}, neither loadable nor built in`;
    return modules.size === 0 || modules.has(when.moduleAbsent)
      ? undefined
      : { justification: 'vulnerable_code_not_present', evidence };
  }
  if ('masked' in when) {
    const evidence = `masked in the root: ${when.masked.join(', ')}`;
    return when.masked.every((unit) => masked.has(unit))
      ? { justification: 'vulnerable_code_not_in_execute_path', evidence }
      : undefined;
  }
  const evidence = `the package ${when.packageAbsent} is not in the root`;
  return packages.has(when.packageAbsent) ? undefined : { justification: 'component_not_present', evidence };
}

interface StatementInput {
  readonly rule: Rule;
  readonly image: string;
  /** Package URLs of the packages that were built from the source of the rule; they are in the root. */
  readonly purls: readonly string[];
  readonly facts: RootEvidence;
}

function statementOf({ rule, image, purls, facts }: StatementInput) {
  const { name, code, when } = rule;
  const shown = purls.length === 0 ? undefined : shownBy(when, facts);
  if (shown === undefined) return [];
  const subcomponents = purls.map((purl) => ({ '@id': purl }));
  return [
    {
      vulnerability: { '@id': `https://security-tracker.debian.org/tracker/${name}`, name },
      // Grype compares the image; Trivy, given a bill of materials, the packages.
      products: [{ '@id': image, subcomponents }, ...subcomponents],
      status: 'not_affected',
      status_notes: `The vulnerable code is in ${code}; ${shown.evidence}.`,
      justification: shown.justification,
    },
  ];
}

/**
 * Writes what an image shows about vulnerabilities that scanners report for its packages: OpenVEX 0.2.0 in JSON. A
 * statement is made only about a package that is in the root, and only if the root itself shows that the vulnerable
 * code is not there or never runs. The same root and packages give the same bytes.
 * @returns undefined if there is nothing to state, which OpenVEX cannot express
 */
export function vexText(
  {
    root,
    distribution,
    packages,
    facts,
  }: {
    readonly root: DescribedRoot;
    readonly distribution: Distribution;
    readonly packages: readonly KnownPackage[];
    readonly facts: RootEvidence;
  },
  known: readonly Rule[] = rules,
): string | undefined {
  const built = (source: string): string[] =>
    packages
      .filter(({ installed, ofDistribution }) => ofDistribution && isBuiltFrom(installed.source.name, source))
      .map((one) => packageComponent(one, distribution).purl)
      .sort();
  const statements = [...known]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((rule) => statementOf({ rule, image: imagePurl(root), purls: built(rule.source), facts }));
  if (statements.length === 0) return undefined;
  const content = {
    author: 'ingot',
    role: 'Image builder',
    timestamp: dateText(root.epoch),
    version: 1,
    tooling: `ingot ${toolVersion}`,
    statements,
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const head = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:uuid:${uuidV5(`vex/${digest}`)}`,
  };
  return `${JSON.stringify({ ...head, ...content }, null, 1)}\n`;
}

/** Debian signs its kernel, and names the source of the signed packages linux-signed-amd64. */
const isBuiltFrom = (name: string, source: string): boolean =>
  name === source || (source === 'linux' && /^linux-signed-[a-z0-9]+$/.test(name));
