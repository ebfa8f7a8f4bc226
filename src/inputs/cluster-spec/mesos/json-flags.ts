import type { Fault } from './scalars.ts';

type Judge = (value: Readonly<Record<string, unknown>>) => Fault | undefined;

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const network = {
  mesos: {
    modes: ['CNI'],
    form: '{ network_mode: CNI, network_name: net1, dns: { nameservers: [10.0.0.1] } }',
  },
  docker: { modes: ['BRIDGE', 'USER'], form: '{ network_mode: BRIDGE, dns: { nameservers: [10.0.0.1] } }' },
} as const;

/** Checks --default_container_dns as src/slave/flags.cpp does: neither HOST nor UNKNOWN, and each network once. */
const dns: Judge = (value) => {
  for (const [kind, list] of Object.entries(value)) {
    const known = Object.hasOwn(network, kind) ? network[kind as keyof typeof network] : undefined;
    if (known === undefined || !Array.isArray(list))
      return {
        message: `${kind} is not a list of mesos or docker networks`,
        right: 'mesos: […], docker: […]',
        path: [kind],
      };
    const seen = new Set<string>();
    for (const [index, item] of (list as unknown[]).entries()) {
      const { network_mode: mode, network_name: name = '', dns: given } = record(item) ?? {};
      const which = `${String(mode)} ${mode === 'BRIDGE' ? '' : String(name)}`;
      const path = [kind, index];
      if (!(known.modes as readonly unknown[]).includes(mode) || record(given) === undefined)
        return {
          message: `network_mode ${String(mode)} of ${kind}, or its dns, is not known`,
          right: known.form,
          path,
        };
      if (seen.has(which))
        return { message: `the network ${which.trim()} is listed twice`, right: 'each network once', path };
      seen.add(which);
    }
  }
  return undefined;
};

/**
 * What Mesos requires of individual JSON flags (src/master/flags.cpp, src/slave/flags.cpp, src/messages/flags.proto).
 */
const judges: Readonly<Record<string, Judge>> = {
  default_container_dns: dns,
  domain: (value) =>
    record(value['fault_domain']) === undefined
      ? {
          message: 'domain has no fault_domain',
          right: 'fault_domain: { region: { name: R }, zone: { name: Z } }',
        }
      : undefined,
  executor_environment_variables: (value) => {
    const wrong = Object.entries(value).find(([, one]) => typeof one !== 'string');
    return wrong && { message: `${wrong[0]} is not a text`, right: 'a text, in quotes', path: [wrong[0]] };
  },
  firewall_rules: (value) => {
    const paths = record(value['disabled_endpoints'])?.['paths'];
    return Array.isArray(paths) && paths.every((path) => typeof path === 'string' && path.startsWith('/'))
      ? undefined
      : { message: 'firewall_rules names no paths', right: 'disabled_endpoints: { paths: [/files/browse] }' };
  },
  effective_capabilities: capabilities,
  bounding_capabilities: capabilities,
};

function capabilities(value: Readonly<Record<string, unknown>>): Fault | undefined {
  const list = value['capabilities'];
  return Array.isArray(list) && list.every((one) => typeof one === 'string' && /^[A-Z_]+$/.test(one))
    ? undefined
    : { message: 'it has no list of capabilities', right: 'capabilities: [NET_RAW]' };
}

/** Returns why Mesos would refuse the JSON object of this flag. */
export function jsonFault(name: string, value: unknown): Fault | undefined {
  const object = record(value);
  return object === undefined
    ? { message: `${name} is not a map`, right: 'a map; it becomes the JSON that Mesos reads' }
    : judges[name]?.(object);
}
