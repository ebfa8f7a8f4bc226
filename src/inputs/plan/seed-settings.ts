import { IngotError } from '../../host/ingot-error.ts';
import { secretIn } from '../cluster-spec/secret-text.ts';
import type { SeedSection } from '../cluster-spec/seed-schema.ts';
import { agentSettings, mesosSettings } from './mesos-settings.ts';
import { seededTls } from './seed-tls.ts';

/** A file of the seed. */
export interface SeededFile {
  readonly path: string;
  /** Octal text, e.g. "0644". */
  readonly mode: string;
  readonly content: string;
  /** user:group. */
  readonly owner: string;
}

/**
 * The contents of the seed other than cluster, masters, data and operators. Settings that the spec does not set are
 * absent. The keys appear in this order.
 */
export interface SeedSettings {
  /** Its part of /etc/ingot/cluster.json. */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly files: readonly SeededFile[];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function fileOf(
  { path, mode, owner, content, from }: SeedSection['files'][number],
  contents: ReadonlyMap<string, string>,
): SeededFile {
  const text = from === undefined ? content : contents.get(from);
  if (text === undefined) throw new Error(`the text of ${from ?? path} was not read`);
  const what = secretIn(text);
  if (what === undefined) return { path, mode, owner, content: text };
  throw new IngotError({
    code: 'wrong-spec',
    message: `seed.files puts ${from ?? path} onto every node, and it contains ${what}`,
    hint: 'no secret belongs in a seed: name under seed.secrets where nodes find theirs (docs/seed.md)',
  });
}

/**
 * Converts the section seed to settings.
 * @param contents the text of each file that the spec names with `from`, under that name
 * @param now used to refuse expired certificates
 * @throws IngotError wrong-spec for a file that contains a secret, and for a CA that is not one or has expired
 */
export function seedSettings(
  section: SeedSection,
  contents: ReadonlyMap<string, string>,
  now = new Date(),
): SeedSettings {
  const { network, timeServers, logs, secrets } = section;
  const agents = agentSettings(section.agents);
  const mesos = mesosSettings(section.mesos);
  const tls =
    section.tls === undefined ? undefined : seededTls(section.tls, contents.get(section.tls.ca) ?? '', now);
  const all = { network, timeServers, agents, secrets, tls, mesos, logs };
  return {
    cluster: Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value))),
    files: section.files.map((file) => fileOf(file, contents)),
  };
}
