/** Formats a fingerprint for comparison: in groups of four, as owners of keys publish it. */
export function spacedFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
