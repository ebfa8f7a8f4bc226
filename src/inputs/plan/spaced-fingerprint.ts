/** A fingerprint as people compare it: in fours, as owners of keys publish it. */
export function spacedFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
