/** Patterns of the text of a secret, with the name of each kind. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/"(?:auth|identitytoken|registrytoken)"\s*:\s*"[^"]+"/, 'the login of a registry'],
  [/"(?:secret|password)"\s*:\s*"[^"]+"/, 'a credential'],
  [/\bauthorization:\s*(?:basic|bearer)\s+\S+/i, 'an authorization header'],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i, 'a password in a URL'],
];
const words = /^--?(?:password|passwd|secret|token)(?:=.|$)/i;

/**
 * Describes the secret that a text seems to contain, for people; undefined if none is found. It recognises only the
 * common forms.
 */
export function secretIn(text: string): string | undefined {
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}

/** Does the same for the words of a command. */
export function secretInWords(command: readonly string[]): string | undefined {
  return command.some((word) => words.test(word)) ? 'a password' : secretIn(command.join(' '));
}
