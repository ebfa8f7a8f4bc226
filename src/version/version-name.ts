/** YYYYMMDD of the packages, then 12 digits of the manifest's SHA-256. */
const pattern = /^(\d{4})(\d\d)(\d\d)-[0-9a-f]{12}$/;

/** Whether a text is the name of a version. */
export const isVersionName = (text: string): boolean => pattern.test(text);

/**
 * Returns the version name of an image.
 * @param epoch date of the packages, seconds since 1970
 * @param manifestSha256 digest of manifest.json, hexadecimal
 */
export function versionOf(epoch: number, manifestSha256: string): string {
  const day = new Date(epoch * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}-${manifestSha256.slice(0, 12)}`;
}

/**
 * Parses the day at the start of a version's name.
 * @returns its midnight in UTC, seconds since 1970; undefined for a text that is not a version's name
 */
export function dayOfVersion(version: string): number | undefined {
  const [, year, month, day] = pattern.exec(version) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}`) / 1000;
}
