/** The secrets of a seed as cluster.json names them: where a node finds each, and the name to log in with. */
export type NamedSecrets = Readonly<Record<string, { readonly principal?: string }>>;

interface Credential {
  readonly principal: string;
  readonly secret: string;
}

/** The principal of agents if the spec does not set it. */
const agentPrincipal = 'agent';

/** Forms of include/mesos/mesos.proto: Credential, Credentials. */
const list = (credentials: readonly Credential[]): string => `${JSON.stringify({ credentials })}\n`;

/**
 * Creates texts for the Mesos secrets that a seed names, for one rehearsal. Each login is in the list of accepted
 * credentials.
 * @param random returns a new text of letters and digits at each call
 * @returns name of the secret → its text; only secrets of Mesos
 */
export function mesosSecretTexts(secrets: NamedSecrets, random: () => string): ReadonlyMap<string, string> {
  const credentialOf = (name: string, otherwise: string): Credential | undefined =>
    secrets[name] && { principal: secrets[name].principal ?? otherwise, secret: random() };
  const agent = credentialOf('agentCredential', agentPrincipal);
  const marathon = credentialOf('marathon', 'marathon');
  const operator = credentialOf('operator', 'operator');
  const known = (...all: readonly (Credential | undefined)[]): Credential[] =>
    all.flatMap((one) => one ?? []);
  const texts = {
    agentCredential: agent && `${JSON.stringify(agent)}\n`,
    marathon: marathon?.secret,
    operator: operator?.secret,
    masterCredentials: list(known(agent, marathon, operator)),
    agentHttpCredentials: list(known(operator)),
    dockerConfig: '{ "auths": {} }\n',
  };
  return new Map(
    Object.entries(texts).flatMap(([name, text]) =>
      secrets[name] === undefined || text === undefined ? [] : [[name, text] as const],
    ),
  );
}
