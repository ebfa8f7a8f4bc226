import type { Fault } from './scalars.ts';

// The table `creators` of src/slave/containerizer/mesos/containerizer.cpp, in apache/mesos 1.9 and in
// m3scluster/clusterd.
const shared =
  `filesystem/posix filesystem/linux filesystem/shared posix/cpu posix/mem posix/rlimits cgroups/all
  cgroups/cpu cgroups/cpuset cgroups/devices cgroups/hugetlb cgroups/mem cgroups/perf_event appc/runtime
  docker/runtime docker/volume linux/capabilities linux/devices linux/nnp namespaces/ipc namespaces/pid
  volume/sandbox_path volume/host_path volume/image volume/secret disk/du gpu/nvidia network/cni environment_secret`.split(
    /\s+/,
  );

const isolators: Readonly<Record<string, ReadonlySet<string>>> = {
  mesosphere: new Set([
    ...shared,
    ...'cgroups/blkio cgroups/net_cls cgroups/net_prio cgroups/pids network/port_mapping network/ports disk/xfs linux/seccomp'.split(
      ' ',
    ),
  ]),
  // On cgroup v2, src/slave/containerizer/mesos/isolators/cgroups2/cgroups2.cpp supports fewer controllers than the
  // table lists.
  clusterd: new Set([...shared, 'volume/csi', 'gpu/rocm']),
};

const alone = ['filesystem/', 'network/'] as const;

/**
 * Returns why the agent of the layout would not start with this isolation: unknown names, or two isolators of one kind.
 * @param flags the agent's other flags; image_providers and modules affect the result
 */
export function isolationFault(
  value: unknown,
  layout: string,
  flags: Readonly<Record<string, unknown>>,
): Fault | undefined {
  const known = isolators[layout] ?? new Set(shared);
  const right = `isolators separated by commas, such as cgroups/cpu,cgroups/mem,filesystem/linux,docker/runtime`;
  if (typeof value !== 'string' || !/^[a-z_/]+(?:,[a-z_/]+)*$/.test(value))
    return { message: `${String(value)} is not a list of isolators`, right };
  const names = value.split(',');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { message: `${twice} is listed twice`, right };
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined && flags['modules'] === undefined && flags['modules_dir'] === undefined)
    return {
      message: `the Mesos of layout ${layout} has no isolator ${unknown}`,
      right: `one of: ${[...known].toSorted().join(', ')}; or modules that provide others`,
    };
  for (const kind of alone) {
    const of = names.filter((name) => name.startsWith(kind) && name !== 'network/ports');
    if (of.length > 1)
      return {
        message: `${of.join(' and ')}: an agent has one isolator of ${kind.slice(0, -1)}`,
        right: 'one of them',
      };
  }
  if (flags['launcher'] === 'posix' && names.some((name) => name.startsWith('cgroups/')))
    return {
      message: 'cgroups isolators need the launcher linux',
      right: 'remove launcher: posix',
    };
  return undefined;
}

/** Checks image_providers: it needs the isolator filesystem/linux and the launcher linux (the same file). */
export function imageProvidersFault(
  value: unknown,
  flags: Readonly<Record<string, unknown>>,
): Fault | undefined {
  if (typeof value !== 'string' || !/^(?:docker|appc)(?:,(?:docker|appc))?$/i.test(value))
    return {
      message: `${String(value)} is not a list of image providers`,
      right: 'docker, appc, or docker,appc',
    };
  const { isolation } = flags;
  if (typeof isolation !== 'string' || !isolation.split(',').includes('filesystem/linux'))
    return {
      message: 'container images need the isolator filesystem/linux',
      right: 'filesystem/linux in isolation, and docker/runtime or appc/runtime',
    };
  return undefined;
}
