/**
 * Records: files of a version that describe it but that a node does not boot. They state when, where and by whom the
 * version was boot-tested, or are derived from the other files. They differ each time the same image is made.
 */
export const recordFiles = {
  sums: 'SHA256SUMS',
  signature: 'SHA256SUMS.dsse',
  checks: 'checks.json',
  provenance: 'provenance.json',
} as const;

const names = new Set<string>(Object.values(recordFiles));

/** Whether a path of a version folder is a record. */
export function isRecord(path: string): boolean {
  return names.has(path);
}
