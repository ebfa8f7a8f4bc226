/** Returns a MAC address in colon form as a number; undefined if the text is not a MAC address. */
export function macNumber(text: string): bigint | undefined {
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined;
}

/**
 * Returns the first and last number of `FROM-TO`, or of a single MAC address; undefined if the text is neither, or if
 * the last one is smaller than the first.
 */
export function macRange(text: string): readonly [bigint, bigint] | undefined {
  const [from, to, ...more] = text.split('-').map((part) => macNumber(part.trim()));
  const last = text.includes('-') ? to : from;
  return from === undefined || last === undefined || more.length > 0 || from > last
    ? undefined
    : [from, last];
}

/** Returns an IPv4 address in dotted form as a number; NaN if the text is not an address. */
export function addressNumber(text: string): number {
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
