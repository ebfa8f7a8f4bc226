import { fixedEnvironment } from '../../host/environment.ts';
import type { Host } from '../../host/host.ts';
import type { ErrorCode } from '../../host/ingot-error.ts';
import { networkSettings } from './private-apt.ts';

/** Why something could not be fetched, for people. */
export interface FetchFailure {
  readonly code: ErrorCode;
  /** In words that follow the name of what was fetched and a colon. */
  readonly why: string;
  readonly hint: string;
}

/** Returns every proxy that this machine names, as URLs. */
export async function proxiesOf(host: Host): Promise<string[]> {
  const settings = await networkSettings(host);
  const variables = Object.entries(fixedEnvironment(process.env)).filter(([name]) => /_proxy$/i.test(name));
  return [...settings.filter(([name]) => /::Proxy(?:::|$)/i.test(name)), ...variables]
    .map(([, value]) => value)
    .filter((value) => value.includes('://'));
}

interface Rule {
  /** Matches the output of apt (methods/connect.cc, http.cc, basehttp.cc of apt). */
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly why: (match: RegExpExecArray) => string;
  readonly hint: string;
}

const network = 'unreachable-source' as const;
const input = 'wrong-source' as const;

const rules: readonly Rule[] = [
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: 'no-space',
    why: () => 'no space left on device',
    hint: 'free some space',
  },
  {
    pattern:
      /(?:Could not resolve|Temporary failure resolving|Something wicked happened resolving) '([^']*)'/,
    code: network,
    why: ([, name = '']) => `the host name ${name.replace(/:\w+$/, '')} does not resolve`,
    hint: 'look at its spelling, and at the name servers of this machine (/etc/resolv.conf)',
  },
  {
    pattern: /^401\b/,
    code: input,
    why: () => 'the server requires a login (401), and the credentials are missing or wrong',
    hint: 'credentials belong in /etc/apt/auth.conf.d (apt_auth.conf(5)), or as user:password@ in the URL of the spec',
  },
  {
    pattern: /^407\b/,
    code: input,
    why: () => 'the proxy requires a login (407)',
    hint: 'credentials of a proxy belong in the setting that names it: Acquire::http::Proxy, or http_proxy',
  },
  {
    pattern: /^403\b/,
    code: input,
    why: () => 'the server forbids it (403)',
    hint: 'these credentials, or this machine’s address, may not read it: ask the owner of the source',
  },
  {
    pattern: /^4(?:04|10)\b|File not found|Failed to stat|No such file/,
    code: input,
    why: () => 'it is not there',
    hint: 'look at the URL and the suite of the source: a browser shows what it has',
  },
  {
    pattern: /^(5\d\d)\b/,
    code: network,
    why: ([, status = '']) => `the server has failed (${status})`,
    hint: 'try again later, or another mirror',
  },
  {
    pattern: /[Cc]ertificate|handshake|TLS|SSL/,
    code: network,
    why: () => 'there is no secure connection (TLS)',
    hint: 'the certificate has to be for this host and from an authority that this machine trusts: Acquire::https::CAInfo names another',
  },
  {
    pattern: /Connection refused/,
    code: network,
    why: () => 'the connection is refused: nothing listens there',
    hint: 'look at the port, and whether the server runs',
  },
  {
    pattern: /[Tt]imed? ?out|Network is unreachable|No route to host|Unable to connect|Could not connect/,
    code: network,
    why: () => 'there is no connection',
    hint: 'look at the network of this machine and at firewalls on the way',
  },
];

const connecting = /Could not connect to ([^ ]+:\d+)|Unable to connect to ([^ ]+:\S+):/;

/**
 * Determines the cause from what apt reported about something that it could not fetch.
 * @param message apt's output for one item
 * @param proxies the proxies of this machine
 * @returns undefined if the failure has nothing to do with reaching or reading the server
 */
export function fetchFailure(message: string, proxies: readonly string[]): FetchFailure | undefined {
  for (const { pattern, code, why, hint } of rules) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const [, first, second] = connecting.exec(message) ?? [];
    const peer = first ?? second ?? '';
    const unresolved = /resolv\w+ '([^']*)'/.exec(message)?.[1] ?? '';
    const proxy = proxies.find((one) =>
      [peer, unresolved].some((name) => name !== '' && one.replace(/^.*@/, '//').includes(`//${name}`)),
    );
    if (proxy === undefined) return { code, why: `${why(match)} (${message})`, hint };
    return {
      code,
      why: `the proxy ${proxy.replace(/\/\/.*@/, '//')} does not answer: ${why(match)}`,
      hint: 'the proxy is a setting of this machine: apt-config dump | grep -i proxy, or the variables http_proxy and https_proxy',
    };
  }
  return undefined;
}
