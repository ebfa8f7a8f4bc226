import type { UnitChange } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

/** Units that are newly started or no longer started. */
export function unitsSection(units: readonly UnitChange[]): Section | undefined {
  if (units.length === 0) return undefined;
  const rows = units.map(({ unit, kind, by = '' }) => [unit, kind, by]);
  return { title: 'Units', table: { head: ['unit', 'what', 'by'], rows } };
}
