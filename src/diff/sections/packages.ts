import type { PackageChange } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

/** Every package that differs. */
export function packagesSection(packages: readonly PackageChange[]): Section | undefined {
  if (packages.length === 0) return undefined;
  const inGroups = packages.some(({ groups }) => groups !== undefined);
  return {
    title: 'Packages',
    table: {
      head: ['package', 'before', 'after', 'what', ...(inGroups ? ['in'] : [])],
      rows: packages.map(({ name, before = '', after = '', kind, groups }) => [
        name,
        before,
        after,
        kind === 'rebuilt' ? 'other bytes' : kind,
        ...(inGroups ? [(groups ?? []).join(', ')] : []),
      ]),
    },
  };
}
