import { type Context, fail, record } from '../rules.ts';
import { aclsFault } from './acls.ts';
import { type AuthorizedAction, isAuthorized } from './authorized.ts';

type Values = Readonly<Record<string, unknown>>;

const demands = {
  master: ['authenticate_http_readonly', 'authenticate_http_readwrite'],
  agent: ['authenticate_http_readonly', 'authenticate_http_readwrite'],
} as const;

interface Access {
  readonly master: Values;
  readonly agent: Values;
  readonly secrets: Values;
  readonly hasMarathon: boolean;
}

/** Returns which secrets the flags that are true need, and why. */
function wanted({
  master,
  agent,
  hasMarathon,
}: Access): (readonly [process: string, flag: string, secret: string, why: string])[] {
  const found: (readonly [string, string, string, string])[] = [];
  const on = (flags: Values, name: string): boolean => flags[name] === true;
  const list = 'masters need a list of the logins that they accept';
  if (on(master, 'authenticate_agents')) {
    found.push(['master', 'authenticate_agents', 'masterCredentials', list]);
    found.push([
      'master',
      'authenticate_agents',
      'agentCredential',
      'agents need a credential to log in with',
    ]);
  }
  if (on(master, 'authenticate_frameworks')) {
    found.push(['master', 'authenticate_frameworks', 'masterCredentials', list]);
    if (hasMarathon)
      found.push([
        'master',
        'authenticate_frameworks',
        'marathon',
        'Marathon needs a credential to log in with',
      ]);
  }
  if (on(master, 'authenticate_http_frameworks'))
    found.push(['master', 'authenticate_http_frameworks', 'masterCredentials', list]);
  for (const flag of demands.master)
    if (on(master, flag)) {
      found.push(['master', flag, 'masterCredentials', list]);
      found.push(['master', flag, 'operator', "the node's own checks and ingot-status need a login"]);
    }
  for (const flag of demands.agent)
    if (on(agent, flag)) {
      found.push([
        'agent',
        flag,
        'agentHttpCredentials',
        'agents need a list of the logins that they accept',
      ]);
      found.push(['agent', flag, 'operator', "the node's own checks and ingot-status need a login"]);
    }
  return found;
}

/** Checks that the ACLs allow what the cluster needs to work: agents, Marathon, and the node's own checks. */
function locked(
  { master, secrets, hasMarathon }: Access,
  quotas: readonly unknown[],
  context: Context,
): void {
  const acls = record(master['acls']);
  if (acls === undefined || aclsFault(acls) !== undefined) return;
  const path = ['seed', 'mesos', 'master', 'acls'];
  const principal = (secret: string): string | undefined => {
    const found = record(secrets[secret])?.['principal'];
    return typeof found === 'string' ? found : undefined;
  };
  const must = (who: string | undefined, wanted: AuthorizedAction, what: string): void => {
    if (who === undefined || isAuthorized(acls, who, wanted)) return;
    const { action } = wanted;
    const named = Object.hasOwn(acls, action);
    fail(
      context,
      named ? [...path, action] : path,
      `the ACLs do not let ${who} ${what}`,
      `${action}: an entry with this principal${named ? ' before those that deny it' : ''}`,
    );
  };
  const agent = principal('agentCredential');
  if (agent === undefined && (Object.hasOwn(acls, 'register_agents') || acls['permissive'] === false))
    fail(
      context,
      path,
      'the ACLs decide which agents may register, but the principal of the agents is not set',
      'seed.secrets.agentCredential.principal: the principal in the credential',
    );
  must(agent, { action: 'register_agents', objectKey: 'agents' }, 'register as an agent');
  if (hasMarathon)
    must(
      principal('marathon'),
      { action: 'register_frameworks', objectKey: 'roles', object: '*' },
      'register as a framework of the role *',
    );
  const operator = principal('operator');
  must(
    operator,
    { action: 'get_endpoints', objectKey: 'paths', object: '/metrics/snapshot' },
    "read /metrics/snapshot, which the node's checks do",
  );
  must(operator, { action: 'view_flags', objectKey: 'flags' }, "see the flags, which the node's checks do");
  for (const quota of quotas) {
    const role = record(quota)?.['role'];
    if (typeof role === 'string')
      must(
        operator,
        { action: 'update_quotas', objectKey: 'roles', object: role },
        `set the quota of ${role}`,
      );
  }
}

/**
 * Checks authentication: a flag that demands it without the secrets that it needs stops Mesos or locks everybody out.
 */
export function checkAccess(spec: unknown, context: Context): void {
  const seed = record(record(spec)?.['seed']) ?? {};
  const mesos = record(seed['mesos']) ?? {};
  const quotas: readonly unknown[] = Array.isArray(mesos['quotas']) ? mesos['quotas'] : [];
  const access: Access = {
    master: record(mesos['master']) ?? {},
    agent: record(mesos['agent']) ?? {},
    secrets: record(seed['secrets']) ?? {},
    hasMarathon: (record(spec)?.['scheduler'] ?? 'marathon') === 'marathon',
  };
  const seen = new Set<string>();
  for (const [process, flag, secret, why] of wanted(access)) {
    if (access.secrets[secret] !== undefined || seen.has(`${process} ${secret}`)) continue;
    seen.add(`${process} ${secret}`);
    fail(
      context,
      ['seed', 'mesos', process, flag],
      `${flag} without seed.secrets.${secret}`,
      `${why}: add seed.secrets.${secret}`,
    );
  }
  if (
    access.master['authenticate_http_frameworks'] === true &&
    access.master['http_framework_authenticators'] === undefined
  )
    fail(
      context,
      ['seed', 'mesos', 'master', 'authenticate_http_frameworks'],
      'authenticate_http_frameworks without http_framework_authenticators',
      'add http_framework_authenticators: basic; without it the master exits',
    );
  locked(access, quotas, context);
}
