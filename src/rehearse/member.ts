import type { Host } from '../host/host.ts';
import type { GuestNetwork } from '../vm/guest-network.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { Machine } from './machine.ts';
import type { RehearsedPlace } from './place.ts';

/** A machine of the cluster, with its seed and the connection that samples it. */
export interface Member {
  readonly machine: Machine;
  /** The list of masters in this node's seed; undefined while it is being changed. */
  seed: readonly string[] | undefined;
  /** Stops following the node's present start. */
  stop: AbortController;
  following: Promise<void>;
}

/** Creates a machine that is off and not followed yet. */
export function newMember(
  host: Host,
  place: RehearsedPlace,
  lan: GuestNetwork,
  { images, machine, workFolder, logFolder, keyFile, signal }: ClusterOptions,
): Member {
  const options = {
    place,
    machine,
    logFolder,
    keyFile,
    signal,
    lan,
    image: images[place.role],
    folder: workFolder,
  };
  return {
    machine: new Machine(host, options),
    seed: undefined,
    stop: new AbortController(),
    following: Promise.resolve(),
  };
}
