import type { SeedSettings } from '../../inputs/plan/seed-settings.ts';
import { type Role, roles } from '../../inputs/roles.ts';
import { namedSecrets } from './rehearsed-settings.ts';

/** Name of a flag → what a node of the role must be started with. */
export type Flags = Readonly<Record<string, string>>;

interface Mesos {
  readonly master?: Flags;
  readonly agent?: Flags;
  readonly networks?: readonly unknown[];
}

/**
 * The flags that /flags of a node's Mesos process must show for the settings of the seed. A flag with a secret has the
 * value "": it shows a path, never the secret itself.
 */
export function expectedFlags(settings: SeedSettings, role: Role): Flags {
  const { master = {}, agent = {}, networks = [] } = (settings.cluster['mesos'] ?? {}) as Mesos;
  const { section, secretFlags } = roles[role].mesos;
  const secrets = Object.entries(secretFlags).filter(([name]) => Object.hasOwn(namedSecrets(settings), name));
  const agents = (settings.cluster['agents'] ?? []) as readonly { readonly resources?: string }[];
  const offered = agents.flatMap(({ resources }) =>
    resources === undefined ? [] : [['resources', resources] as const],
  );
  const cni =
    networks.length === 0
      ? {}
      : { network_cni_config_dir: '/etc/mesos/cni', network_cni_plugins_dir: '/usr/lib/cni' };
  const own = section === 'master' ? master : { ...cni, ...agent, ...Object.fromEntries(offered) };
  return { ...own, ...Object.fromEntries(secrets.map(([, flag]) => [flag, ''])) };
}

const units: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, ms: 1e6, secs: 1e9, mins: 6e10, hrs: 3.6e12, days: 8.64e13, weeks: 6.048e14 },
  ...{ B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 },
};

/**
 * A value in a canonical form for comparison: Mesos shows 90secs as 1.5mins, and JSON with its keys in another order.
 */
function plain(text: string): unknown {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const one = unit === '' ? 1 : units[unit];
  if (number !== undefined && one !== undefined) return Number((Number(number) * one).toPrecision(12));
  if (/^[[{]/.test(text))
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  return text;
}

/** Whether `actual` contains all of `wanted`: Mesos adds defaults, such as permissive, to the JSON of a flag. */
function within(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === actual;
  if (typeof actual !== 'object' || actual === null) return false;
  const other = actual as Readonly<Record<string, unknown>>;
  if (Array.isArray(wanted) && wanted.length !== (actual as unknown[]).length) return false;
  return Object.entries(wanted).every(([key, value]) => within(value, other[key]));
}

/** Whether /flags shows the value that the seed set. */
export function sameFlag(wanted: string, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return wanted === '' ? actual !== '' : within(plain(wanted), plain(actual));
}
