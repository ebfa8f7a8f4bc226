import { aclsFault } from './acls.ts';
import type { FlagKind } from './flag-table.ts';
import { imageProvidersFault, isolationFault } from './isolation.ts';
import { jsonFault } from './json-flags.ts';
import {
  booleanFault,
  bytesFault,
  durationFault,
  durationRangeFault,
  type Fault,
  numberFault,
  percentFault,
  rateFault,
  textFault,
  weightsFault,
  wholeFault,
} from './scalars.ts';

/** A flag as written in the spec. */
export interface GivenFlag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly value: unknown;
  readonly layout: string;
  /** All flags of the same process. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Flags that accept only a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  launcher: ['linux', 'posix'],
  image_provisioner_backend: ['aufs', 'bind', 'copy', 'overlay'],
  role_sorter: ['drf', 'random'],
  framework_sorter: ['drf', 'random'],
  recover: ['reconnect', 'cleanup'],
  logging_level: ['INFO', 'WARNING', 'ERROR'],
};

function text({ name, value, flags }: GivenFlag): Fault | undefined {
  const allowed = words[name];
  if (allowed !== undefined && !allowed.includes(String(value)))
    return { message: `${name} cannot be ${String(value)}`, right: `one of: ${allowed.join(', ')}` };
  if (name === 'containerizers' && !/^(?:docker|mesos)(?:,(?:docker|mesos))?$/.test(String(value)))
    return {
      message: `${String(value)} is not a list of containerizers`,
      right: 'docker,mesos, or one of them',
    };
  if (
    /_dir$|^cgroups_root$|^sandbox_directory$/.test(name) &&
    name !== 'cgroups_root' &&
    !/^\/[^\s]*$/.test(String(value))
  )
    return { message: `${name} is not a path`, right: 'an absolute path, such as /srv/mesos' };
  return name === 'image_providers' ? imageProvidersFault(value, flags) : textFault(value);
}

/** Returns why the Mesos of the layout would refuse the value; undefined if it accepts it. */
export function flagFault(given: GivenFlag): Fault | undefined {
  const { name, kind, value, layout, flags } = given;
  switch (kind) {
    case 'boolean':
      return booleanFault(value);
    case 'duration':
      return durationFault(value) ?? durationRangeFault(name, String(value));
    case 'bytes':
      return bytesFault(value);
    case 'whole':
    case 'port':
      return wholeFault(value, name);
    case 'number':
      return numberFault(value);
    case 'rate':
      return rateFault(value);
    case 'percent':
      return percentFault(value);
    case 'weights':
      return weightsFault(value);
    case 'acls':
      return aclsFault(value);
    case 'isolation':
      return isolationFault(value, layout, flags);
    case 'json':
      return jsonFault(name, value);
    case 'resources':
    case 'text':
      return text(given);
  }
}
