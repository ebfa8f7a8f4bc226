import type { Cluster } from '../cluster.ts';
import type { RehearsedPlace } from '../place.ts';

/**
 * The services that require the identity are the cluster's services; systemd stops them with the identity
 * (systemd.unit(5), Requires=).
 */
const services = 'services=$(systemctl show --property=RequiredBy --value ingot-identity.service)';

const stopAndEmpty = [
  'set -eu',
  'systemctl stop ingot-identity.service',
  'for state in /var/lib/zookeeper /var/lib/mesos; do',
  '  [ ! -d "$state" ] || find "$state" -mindepth 1 -delete',
  'done',
].join('\n');

const start = [
  'set -eu',
  services,
  '# shellcheck disable=SC2086',
  'systemctl start ingot-identity.service $services',
].join('\n');

/**
 * Resets the cluster's services on running nodes as if the nodes were new: stops the services and deletes all their
 * state.
 */
export async function resetServices(cluster: Cluster): Promise<void> {
  cluster.say("the cluster's services stop, and their state is emptied");
  await Promise.all(
    [...cluster.masters, ...cluster.slaves].map(({ name }) => cluster.run(name, stopAndEmpty)),
  );
  cluster.forgetFirst();
}

/** Starts the cluster's services on nodes, all at once. */
export async function startServices(cluster: Cluster, places: readonly RehearsedPlace[]): Promise<void> {
  await Promise.all(places.map(({ name }) => cluster.run(name, start)));
}
