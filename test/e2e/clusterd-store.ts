import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Ended, startIngot } from './ingot-process.ts';
import { oncePerRun } from './once-per-run.ts';
import { cacheFolder, prepareRun, publicKeyFile, runFolder, signingKeyFile } from './run-folder.ts';

/** The store of the run's bake of the layout clusterd. */
export const clusterdStore = join(runFolder, 'out-clusterd');

/** The spec of that bake; its lock is next to it. */
export const clusterdSpec = join(runFolder, 'clusterd.yaml');

const key = basename(publicKeyFile);

/**
 * A spec as a current production site has it: clusterd's package without Marathon, with attributes and resources of
 * agents, logins, access rights, quotas, signed updates and signed seeds. Rehearsals replace its secrets with
 * throw-away ones.
 */
const spec = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos:
  deb: stand-ins/build/aventer-mesos_1.11.0-0.10.0.standin1_all.deb
layout: clusterd
scheduler: none
slave:
  packages: [containernetworking-plugins]
updates:
  keys: [${key}]
seed:
  keys: [${key}]
  secrets:
    masterCredentials: { file: /var/lib/ingot/state/secrets/masters }
    agentCredential: { principal: agents, file: /var/lib/ingot/state/secrets/agent }
    agentHttpCredentials: { file: /var/lib/ingot/state/secrets/agent-http }
    operator: { principal: operator, file: /var/lib/ingot/state/secrets/operator }
    dockerConfig: { file: /var/lib/ingot/state/secrets/docker }
  agents:
    - { attributes: { rack: r1 }, resources: { cpus: 2, mem: 512, disk: 1024, ports: '[31000-32000]' } }
  mesos:
    webInterface: false
    master:
      authenticate_agents: true
      authenticate_frameworks: true
      authenticate_http_readonly: true
      authenticate_http_readwrite: true
      authenticate_http_frameworks: true
      http_framework_authenticators: basic
      agent_removal_rate_limit: 1/10mins
      offer_timeout: 5mins
      acls:
        register_agents:
          - { principals: { values: [agents] }, agents: { type: ANY } }
          - { principals: { type: ANY }, agents: { type: NONE } }
        get_endpoints:
          - { principals: { values: [operator] }, paths: { type: ANY } }
          - { principals: { type: NONE }, paths: { type: ANY } }
    agent:
      authenticate_http_readonly: true
      authenticate_http_readwrite: true
      default_container_dns: { docker: [{ network_mode: BRIDGE, dns: { nameservers: [10.0.0.1] } }] }
    networks:
      - { name: net1, type: bridge, bridge: br-net1, ipMasq: true, ipam: { type: host-local, subnet: 10.200.0.0/24 } }
    quotas:
      - { role: web, limits: { cpus: 1, mem: 256 } }
`;

async function bake(): Promise<Ended> {
  await prepareRun();
  writeFileSync(clusterdSpec, spec);
  const locked = await startIngot(['lock', clusterdSpec]).ended;
  return locked.exitCode === 0
    ? startIngot([
        ...['bake', clusterdSpec, '--out', clusterdStore, '--cache', cacheFolder, '--sign', signingKeyFile],
      ]).ended
    : locked;
}

/**
 * Bakes the spec, or returns the result of that bake if another test file of the run has already done it. bakeOnce() is
 * the same for the example.
 */
export const bakeClusterdOnce = (): Promise<Ended> => oncePerRun('bake-clusterd', bake);
