import { IngotError } from '../../host/ingot-error.ts';
import { TreeFault } from './tree-fault.ts';

interface GitRule {
  /** Matches the output of git 2.39 or of ssh. */
  readonly pattern: RegExp;
  readonly why: string;
  readonly right: string;
  /** Whether the spec is right, and the server does not answer. */
  readonly unreachable?: true;
}

const rules: readonly GitRule[] = [
  {
    pattern: /Could not resolve host|Could not resolve hostname|Temporary failure in name resolution/i,
    ...{ why: 'the host name does not resolve', unreachable: true },
    right: 'look at its spelling, and at the name servers of this machine (/etc/resolv.conf)',
  },
  {
    pattern: /Connection refused|Failed to connect|timed out|Network is unreachable|Operation too slow/i,
    ...{ why: 'the server does not answer', unreachable: true },
    right: 'try again later; http_proxy and https_proxy name a proxy',
  },
  {
    pattern: /returned error: 5\d\d/,
    ...{ why: 'the server has failed', unreachable: true },
    right: 'try again later',
  },
  {
    pattern: /certificate|SSL|TLS/,
    ...{ why: 'there is no secure connection (TLS)', unreachable: true },
    right:
      'a certificate for this host of an authority that this machine trusts: git config http.sslCAInfo names another',
  },
  {
    pattern: /Host key verification failed/,
    why: 'the ssh key of the host is not known here',
    right: 'connect to it once with ssh and compare its key; it is then in known_hosts',
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|Permission denied|returned error: 40[13]/,
    why: 'the server requires a login, and the credentials are missing or wrong',
    right:
      'credentials of git on this machine (gitcredentials(7)), an ssh agent, or https://USER:PASSWORD@HOST/PATH in the spec',
  },
  {
    pattern: /dubious ownership/,
    why: 'the repository belongs to another user of this machine',
    right: 'git config --global --add safe.directory FOLDER, if you trust that user',
  },
  {
    pattern: /transport '.*' not allowed/,
    why: 'this machine rewrites the address to a protocol that ingot does not use',
    right: 'https, http, ssh, git or file: look at url.*.insteadOf in the settings of git',
  },
  {
    pattern:
      /not found|does not appear to be a git repository|does not exist|returned error: 404|No such file/i,
    why: 'there is no such repository',
    right: 'the address that git clone takes',
  },
];

const missingRef =
  /couldn't find remote ref|not our ref|unadvertised object|remote error: upload-pack: not our ref|no such remote ref/i;

/** Whether git has failed because the repository does not have what was asked. */
export function lacksRef(error: unknown): boolean {
  return error instanceof IngotError && error.excerpt.some((line) => missingRef.test(line));
}

/** Whether the server can give whole histories only. */
export function needsHistory(error: unknown): boolean {
  return (
    error instanceof IngotError &&
    error.excerpt.some((line) => /does not support shallow|not our ref|unadvertised object/i.test(line))
  );
}

/**
 * Returns the error to show when git has failed to fetch.
 * @param name of the layer
 */
export function gitFailure(error: unknown, name: string, address: string): unknown {
  if (!(error instanceof IngotError) || error.code !== 'command-failed') return error;
  const rule = rules.find(({ pattern }) => error.excerpt.some((line) => pattern.test(line)));
  if (rule === undefined) return error;
  if (rule.unreachable !== true) return new TreeFault(`${address}: ${rule.why}`, rule.right);
  return new IngotError({
    code: 'unreachable-source',
    message: `the layer ${name} cannot be fetched from ${address}: ${rule.why}`,
    excerpt: error.excerpt,
    hint: rule.right,
    cause: error,
  });
}
