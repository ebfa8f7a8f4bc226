import { type Context, record } from './rules.ts';

interface Wrong {
  readonly message: string;
  readonly right: string;
}

/** The pattern for editors: a name with points, sysctl(8). */
export const sysctlName = /^[a-z0-9_-]+(?:\.[A-Za-z0-9_:-]+)+$/;

/** Settings whose value is text (Linux, Documentation/admin-guide/sysctl; ip-sysctl.rst). */
const texts =
  /^(?:kernel\.(?:core_pattern|domainname|hostname|hotplug|modprobe|poweroff_cmd|printk_devkmsg|seccomp\.actions_logged)|net\.core\.default_qdisc|net\.ipv4\.(?:tcp_(?:allowed_)?congestion_control|tcp_fastopen_key|ip_local_reserved_ports)|net\.ipv6\.conf\.[^.]+\.stable_secret|net\.netfilter\.nf_log\.\d+|net\.mptcp\.scheduler|net\.sctp\.cookie_hmac_alg)$/;

/** Settings that trigger an action once and do not keep a value: nothing can check later whether they are set. */
const actions = /^(?:net\.ipv[46]\.route\.flush|vm\.(?:compact_memory|drop_caches|stat_refresh))$/;

/** Settings that exist only while a module is loaded. ingot knows no others. */
const modules: readonly (readonly [RegExp, string])[] = [
  [/^net\.bridge\./, 'br_netfilter'],
  [/^net\.(?:netfilter\.)?nf_conntrack_/, 'nf_conntrack'],
  [/^net\.ipv4\.vs\./, 'ip_vs'],
  [/^net\.sctp\./, 'sctp'],
  [/^net\.mpls\./, 'mpls_router'],
  [/^sunrpc\./, 'sunrpc'],
  [/^fs\.nfs\.(?:nlm_|nsm_)/, 'lockd'],
  [/^fs\.xfs\./, 'xfs'],
  [/^dev\.raid\./, 'md_mod'],
  [/^dev\.cdrom\./, 'cdrom'],
];

/** Returns the module that provides a setting, if ingot knows one. */
export function moduleOf(name: string): string | undefined {
  return modules.find(([pattern]) => pattern.test(name))?.[1];
}

function wrongName(name: string): Wrong | undefined {
  if (/[*?[\]]/.test(name))
    return {
      message: `${name} is a pattern`,
      right: 'a line for each setting: only a running kernel knows which ones a pattern matches',
    };
  if (name.includes('/'))
    return { message: `${name} has / between its names`, right: `points: ${name.replaceAll('/', '.')}` };
  if (!sysctlName.test(name))
    return {
      message: `${JSON.stringify(name)} is not a valid sysctl key`,
      right: 'a kernel parameter with its points, such as vm.swappiness',
    };
  return actions.test(name)
    ? {
        message: `${name} triggers an action once and is not a setting`,
        right: 'a unit that does it, where it is needed',
      }
    : undefined;
}

const largest = 2n ** 64n - 1n;
const smallest = -(2n ** 63n);

/**
 * Refuses a number that the kernel would read as a different number, or not at all. The kernel prints decimal numbers
 * separated by one blank.
 */
function wrongNumber(word: string): string | undefined {
  if (/^-?(?:0|[1-9]\d*)$/.test(word)) {
    const number = BigInt(word);
    return number > largest || number < smallest ? 'a number of 64 bits at most' : undefined;
  }
  if (/^0x[0-9a-f]+$/i.test(word)) return `the number itself: ${BigInt(word)}`;
  return /^0[0-7]+$/.test(word)
    ? `without leading zeros: ${BigInt(word)}, or what the kernel makes of it as octal, ${Number.parseInt(word, 8)}`
    : 'a whole number in full, without sign, unit or point';
}

function wrongValue(name: string, value: unknown): Wrong | undefined {
  if (typeof value !== 'string' || texts.test(name)) return undefined;
  if (/^(?:yes|on|enabled?)$/i.test(value)) return { message: `${value} is not a number`, right: '1' };
  if (/^(?:no|off|disabled?)$/i.test(value)) return { message: `${value} is not a number`, right: '0' };
  if (!/^[-+\d]/.test(value.trim())) return undefined;
  for (const word of value.trim().split(/\s+/)) {
    const right = wrongNumber(word);
    if (right !== undefined)
      return { message: `the kernel does not accept ${JSON.stringify(word)} for ${name}`, right };
  }
  return undefined;
}

/**
 * Checks the settings of a spec or of an image.yaml: each name is one setting, and the kernel returns each value
 * unchanged.
 */
export function checkSysctls(sysctls: unknown, context: Context): void {
  for (const [name, value] of Object.entries(record(sysctls) ?? {})) {
    const add = ({ message, right }: Wrong, atKey: boolean): void => {
      context.issues.push({
        code: 'custom',
        path: [name],
        message,
        params: { right, atKey },
        input: undefined,
      });
    };
    const wrong = wrongName(name);
    if (wrong !== undefined) add(wrong, true);
    const wrongly = wrongValue(name, value);
    if (wrongly !== undefined) add(wrongly, false);
  }
}

/**
 * Checks the settings of modules: the module must be loaded before they are set, because they do not exist otherwise.
 */
export function checkSysctlModules(spec: unknown, context: Context): void {
  const parts = record(spec) ?? {};
  const loaded = (part: string): readonly unknown[] => {
    const { modules: names } = record(parts[part]) ?? {};
    return Array.isArray(names) ? names.map((name: unknown) => String(name).replaceAll('-', '_')) : [];
  };
  for (const part of ['common', 'master', 'slave'])
    for (const name of Object.keys(record(record(parts[part])?.['sysctls']) ?? {})) {
      const module = moduleOf(name);
      if (module === undefined || [...loaded('common'), ...loaded(part)].includes(module)) continue;
      const message = `${name} exists only while the module ${module} is loaded`;
      const right = `next to sysctls, modules: [${module}], which loads it before they are set`;
      context.issues.push({
        ...{ code: 'custom', path: [part, 'sysctls', name], message },
        ...{ params: { right, atKey: true }, input: undefined },
      });
    }
}

/** Returns a value in the form in which the kernel returns it: numbers separated by one blank. */
export function normalSysctl(value: string | number): string {
  const text = String(value).trim();
  return /^[-\d\s]+$/.test(text) ? text.replaceAll(/\s+/g, ' ') : text;
}
