import { roles } from '../../inputs/roles.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import type { NodeView } from '../view.ts';
import { tlsChecks, type TlsPort } from './tls-checks.ts';

/** The ports of a node on which members of the cluster talk to it. */
function portsOf({ place: { name, role, address }, sample }: NodeView): readonly TlsPort[] {
  const at = (port: number, kind: TlsPort['kind']): TlsPort => ({ name, address, port, kind });
  const scheduler =
    sample?.marathon === null || sample?.marathon === undefined ? [] : [at(8080, 'scheduler')];
  const { mesos, quorumPort } = roles[role];
  const quorum = quorumPort === undefined ? [] : [at(quorumPort, 'quorum')];
  return [at(mesos.port, 'mesos'), ...quorum, ...scheduler];
}

export const tls: Drill = {
  name: 'tls',
  proves:
    'where the seed says tls: plain text, a client without a certificate and a member of another CA are refused by every Mesos, and members of ZooKeeper speak TLS to each other',
  quick: true,
  cannot: ({ settings }) => (settings.cluster['tls'] === undefined ? 'the seed says no tls' : undefined),
  run: async (cluster) => {
    const tlsSettings = cluster.options.settings.cluster['tls'] as { readonly level: string };
    const ports = cluster.watch.view().nodes.flatMap(portsOf);
    const [checker] = cluster.masters;
    if (checker === undefined) throw drillFailure('there is no master to ask from');
    // A cluster of one master has no quorum port in use.
    const checked = ports.filter(({ kind }) => kind !== 'quorum' || cluster.masters.length > 1);
    await cluster.run(checker.name, tlsChecks(checked, tlsSettings.level));
    const count = (kind: TlsPort['kind']): number => checked.filter((one) => one.kind === kind).length;
    const closed = tlsSettings.level === 'verify' || tlsSettings.level === 'mutual';
    return {
      saw: [
        `${count('mesos')} masters and agents, ${count('quorum')} members of ZooKeeper and ${count('scheduler')} schedulers show certificates of the CA`,
        closed ? 'none of them takes plain text' : `plain text is taken as well (level ${tlsSettings.level})`,
        ...(tlsSettings.level === 'mutual' ? ['no Mesos answers without a certificate'] : []),
      ].join('; '),
    };
  },
};
