/**
 * Files of a version that tell about it and are not what a node boots. They say when, where and by whom it was proven, or follow from the
 * other files, so that the same image has others of them each time it is made.
 */
export const recordFiles = {
  sums: 'SHA256SUMS',
  signature: 'SHA256SUMS.dsse',
  checks: 'checks.json',
  provenance: 'provenance.json',
} as const;

const names = new Set<string>(Object.values(recordFiles));

/** Whether a path of a version folder is such a file. */
export function isRecord(path: string): boolean {
  return names.has(path);
}
