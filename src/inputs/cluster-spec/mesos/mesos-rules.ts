import { nearestWord } from '../../yaml/nearest-word.ts';
import { layoutOf } from '../layout-of.ts';
import { type Context, fail, failWithSecondPlace, record } from '../rules.ts';
import { checkAccess } from './access-rules.ts';
import { type FlagProcess, flagTable, olderNames } from './flag-table.ts';
import { alternativeTo } from './own-flags.ts';
import { checkQuotas } from './quota-rules.ts';
import { type PortRange, resourcesFault } from './resources.ts';
import { flagFault } from './values.ts';

type Path = (string | number)[];

function nearest(name: string, known: Iterable<string>): string {
  const near = nearestWord(name, [...known]);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function checkFlags(process: FlagProcess, given: unknown, layout: string, context: Context): void {
  const table = flagTable(layout, process);
  const flags = record(given) ?? {};
  for (const [name, value] of Object.entries(flags)) {
    const path: Path = ['seed', 'mesos', process, name];
    const [newer, instead] = [olderNames.get(name), alternativeTo(process, name)];
    const kind = table.get(name);
    if (newer !== undefined)
      fail(context, path, `${name} is an older name`, `${newer}: Mesos accepts only one of the two names`);
    else if (instead !== undefined) fail(context, path, `${name} is not set here`, instead);
    else if (kind === undefined)
      fail(
        context,
        path,
        `the ${process} of layout ${layout} has no flag ${name}`,
        `a flag of src/${process === 'master' ? 'master' : 'slave'}/flags.cpp${nearest(name, table.keys())}`,
      );
    else {
      const fault = flagFault({ name, kind, value, layout, flags });
      if (fault !== undefined)
        fail(context, [...path, ...((fault.path ?? []) as Path)], fault.message, fault.right);
    }
  }
  if (flags['modules'] !== undefined && flags['modules_dir'] !== undefined)
    fail(
      context,
      ['seed', 'mesos', process, 'modules_dir'],
      'both modules and modules_dir',
      'one of the two',
    );
}

/**
 * Checks that no flag comes both from a file of the node and from the section: a flag from two sources stops the
 * process ("already loaded").
 */
function checkTwice(spec: unknown, context: Context): void {
  const { seed } = record(spec) ?? {};
  const mesos = record(record(seed)?.['mesos']) ?? {};
  const parts = ['common', 'master', 'slave', 'seed'] as const;
  for (const part of parts) {
    const files = record(record(spec)?.[part])?.['files'];
    if (!Array.isArray(files)) continue;
    files.forEach((file: unknown, index) => {
      const path = record(file)?.['path'];
      const [, folder = '', plain = ''] =
        (typeof path === 'string' && /^\/etc\/mesos-(master|slave|agent)\/\??(?:no-)?([^/]+)$/.exec(path)) ||
        [];
      const process = folder === 'master' ? 'master' : 'agent';
      const name = olderNames.get(plain) ?? plain;
      if (name !== '' && Object.hasOwn(record(mesos[process]) ?? {}, name))
        failWithSecondPlace(context, {
          path: [part, 'files', index, 'path'],
          message: `${String(path)} gives the ${process} the flag ${name}, and so does seed.mesos`,
          right: 'one of the two: Mesos exits if a flag is set twice',
          firstAt: ['seed', 'mesos', process, name],
        });
    });
  }
}

/** Returns the range of ports that slaves use for their own connections, from the sysctls of the spec. */
function ownPorts(spec: unknown): PortRange {
  const [slave, common] = ['slave', 'common'].map(
    (part) => record(record(record(spec)?.[part])?.['sysctls'])?.['net.ipv4.ip_local_port_range'],
  );
  const value = slave ?? common;
  const [, first, last] = (typeof value === 'string' && /^(\d+)\s+(\d+)$/.exec(value)) || [];
  return first === undefined || last === undefined ? [32_768, 60_999] : [Number(first), Number(last)];
}

function checkResources(spec: unknown, context: Context): void {
  const agents = record(record(spec)?.['seed'])?.['agents'];
  if (!Array.isArray(agents)) return;
  agents.forEach((one: unknown, index) => {
    const { attributes, resources } = record(one) ?? {};
    const at: Path = ['seed', 'agents', index];
    if (Object.keys(record(attributes) ?? {}).length === 0 && resources === undefined)
      fail(context, at, 'an entry that sets nothing', 'attributes, resources, or both');
    if (resources === undefined) return;
    const fault = resourcesFault(resources, ownPorts(spec));
    if (fault !== undefined)
      fail(context, [...at, 'resources', ...((fault.path ?? []) as Path)], fault.message, fault.right);
  });
}

/**
 * Debian's CNI plugins. Without them an agent skips every network
 * (src/slave/containerizer/mesos/isolators/network/cni/cni.cpp, "Skipping network").
 */
const cniPlugins = 'containernetworking-plugins';

function checkNetworks(spec: unknown, networks: unknown, agent: unknown, context: Context): void {
  if (!Array.isArray(networks) || networks.length === 0) return;
  const path: Path = ['seed', 'mesos', 'networks'];
  const names = networks.map((one: unknown) => record(one)?.['name']);
  names.forEach((name, index) => {
    if (typeof name === 'string' && names.indexOf(name) < index)
      fail(context, [...path, index, 'name'], `the network ${name} is listed twice`, 'each network once');
  });
  const packages = ['common', 'slave'].flatMap((part) => {
    const list = record(record(spec)?.[part])?.['packages'];
    return Array.isArray(list) ? list.map(String) : [];
  });
  const installed = packages.some((name) => name === cniPlugins || name.startsWith(`${cniPlugins}=`));
  if (!installed && record(agent)?.['network_cni_plugins_dir'] === undefined)
    fail(
      context,
      path,
      'slaves have no CNI plugins',
      `slave: { packages: [${cniPlugins}] }; or network_cni_plugins_dir under seed.mesos.agent, if files of the spec install other plugins`,
    );
}

/**
 * Checks the sections seed.mesos and seed.agents, and reports everything that the Mesos of the layout would refuse,
 * with its place.
 */
export function checkMesos(spec: unknown, context: Context): void {
  const { master, agent, networks, quotas } = record(record(record(spec)?.['seed'])?.['mesos']) ?? {};
  const layout = layoutOf(spec);
  checkFlags('master', master, layout, context);
  checkFlags('agent', agent, layout, context);
  checkTwice(spec, context);
  checkResources(spec, context);
  checkNetworks(spec, networks, agent, context);
  checkQuotas(quotas, context);
  checkAccess(spec, context);
}
