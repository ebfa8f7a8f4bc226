import { parseSpec } from '../../src/inputs/cluster-spec/parse-spec.ts';
import { type NetbootPlan, planNetboot } from '../../src/inputs/plan/netboot-plan.ts';
import { smallSpec } from './spec.ts';

/** A section netboot with full DHCP, one named machine and one range; more lines of the section can be appended. */
export const netbootSection = `netboot:
  server: 10.0.0.2
  dhcp: {from: 10.0.0.100, to: 10.0.0.200, netmask: 255.255.255.0}
  machines:
    - {mac: "52:54:00:00:00:01", role: master, address: 10.0.0.11}
    - {macs: "52:54:00:00:01:00-52:54:00:00:01:7f", role: slave}
`;

/** The plan of the section within the smallest spec. */
export function netbootPlanOf(section = netbootSection): NetbootPlan {
  return planNetboot(parseSpec(`${smallSpec}${section}`, 'cluster.yaml'));
}
