/**
 * Returns the weight of a character in a non-digit part of a version: a tilde sorts before the end, the end before
 * letters, and letters before everything else.
 */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareWords(left: string, right: string): number {
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = weight(left[i]) - weight(right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareNumbers(left: string, right: string): number {
  const [a, b] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareParts(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => [...text.matchAll(/(\D*)(\d*)/g)]) as [
    RegExpMatchArray[],
    RegExpMatchArray[],
  ];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order =
      compareWords(a[i]?.[1] ?? '', b[i]?.[1] ?? '') || compareNumbers(a[i]?.[2] ?? '', b[i]?.[2] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function split(version: string): [string, string, string] {
  const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? [];
  const hyphen = rest.lastIndexOf('-');
  return hyphen === -1
    ? [epoch ?? '0', rest, '']
    : [epoch ?? '0', rest.slice(0, hyphen), rest.slice(hyphen + 1)];
}

/** Compares Debian versions as dpkg does (deb-version(7)): negative if left is older, 0 if they are equal. */
export function compareDebianVersions(left: string, right: string): number {
  const [a, b] = [split(left), split(right)];
  return compareNumbers(a[0], b[0]) || compareParts(a[1], b[1]) || compareParts(a[2], b[2]);
}
