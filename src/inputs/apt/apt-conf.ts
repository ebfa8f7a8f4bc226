/** Settings of apt in their order: full name, value. */
export type AptSettings = readonly (readonly [name: string, value: string])[];

/**
 * Encodes any value so that apt.conf reads it back unchanged. The format has no escapes in quotes, but %XX in a word
 * without quotes (apt's ParseQuoteWord).
 */
function aptWord(value: string): string {
  if (value === '') return '""';
  const bytes = [...Buffer.from(value)];
  return bytes
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9/._-]/.test(letter) ? letter : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('')
    .replaceAll('//', '/%2f'); // two slashes begin a comment
}

/** Returns the text of an apt.conf(5). */
export function aptConf(settings: AptSettings): string {
  return settings.map(([name, value]) => `${name} ${aptWord(value)};\n`).join('');
}
