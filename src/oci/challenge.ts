/** What a registry demands of a request: one challenge of WWW-Authenticate (RFC 9110, 11.6.1). */
export interface AuthChallenge {
  /** In lower case: basic, bearer. */
  readonly scheme: string;
  /** By name in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const parameterStart = /\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*=\s*(?=["!#$%&'*+.^_`|~0-9A-Za-z-])/y;

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** Parses the header WWW-Authenticate; what is not understood ends the list. */
export function parseChallenges(header: string): AuthChallenge[] {
  const challenges: AuthChallenge[] = [];
  let index = 0;
  const skip = (pattern: RegExp): void => {
    index += at(pattern, header, index)?.[0].length ?? 0;
  };
  for (;;) {
    skip(/[\s,]*/y);
    const scheme = at(token, header, index)?.[0];
    if (scheme === undefined) return challenges;
    index += scheme.length;
    const parameters: Record<string, string> = {};
    for (;;) {
      const before = index;
      skip(/[\s,]*/y);
      const start = at(parameterStart, header, index)?.[0];
      if (start === undefined) {
        index = before;
        break;
      }
      index += start.length;
      const text = at(quoted, header, index);
      const value = text ?? at(token, header, index);
      if (value === null) return challenges;
      index += value[0].length;
      parameters[start.slice(0, start.indexOf('=')).trim().toLowerCase()] =
        text === null ? value[0] : (text[1] ?? '').replaceAll(/\\(.)/g, '$1');
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
}
