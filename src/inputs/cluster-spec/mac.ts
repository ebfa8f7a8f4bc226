/** The number of a MAC address in colon form, or undefined where the text is none. */
export function macNumber(text: string): bigint | undefined {
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined;
}

/** First and last number of `FROM-TO`, or of one MAC; undefined where the text is neither or runs backwards. */
export function macRange(text: string): readonly [bigint, bigint] | undefined {
  const [from, to, ...more] = text.split('-').map((part) => macNumber(part.trim()));
  const last = text.includes('-') ? to : from;
  return from === undefined || last === undefined || more.length > 0 || from > last
    ? undefined
    : [from, last];
}

/** The number of an IPv4 address in dotted form; NaN where the text is none. */
export function addressNumber(text: string): number {
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
