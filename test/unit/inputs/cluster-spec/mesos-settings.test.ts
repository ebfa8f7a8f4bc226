import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

// The section begins at line 7 of the file.
const withSeed = (lines: readonly string[], more = ''): string =>
  `${smallSpec}seed:\n${lines.map((line) => `  ${line}\n`).join('')}${more}`;
const errorsOf = (lines: readonly string[], more = ''): string =>
  ingotErrorOf(() => parseSpec(withSeed(lines, more), 'cluster.yaml')).message;
const mesos = (...lines: readonly string[]): string[] => ['mesos:', ...lines.map((line) => `  ${line}`)];

const secrets = [
  'secrets:',
  '  agentCredential: { principal: agents, file: /var/lib/ingot/state/secrets/agent }',
  '  agentHttpCredentials: { file: /var/lib/ingot/state/secrets/agent-http }',
  '  masterCredentials: { file: /var/lib/ingot/state/secrets/masters }',
  '  marathon: { principal: marathon, file: /var/lib/ingot/state/secrets/marathon }',
  '  operator: { principal: operator, file: /var/lib/ingot/state/secrets/operator }',
];

describe('typical settings of production sites', () => {
  test('are accepted: authentication, ACLs, resources, isolation, networks, quotas, the web interface', () => {
    const spec = parseSpec(
      withSeed(
        [
          ...secrets,
          'agents:',
          '  - { resources: { cpus: 7, mem: 14336, "cpus(web)": 2, ports: "[31000-32000]" } }',
          ...mesos(
            'webInterface: false',
            'master:',
            '  authenticate_agents: true',
            '  authenticate_frameworks: true',
            '  authenticate_http_readonly: true',
            '  authenticate_http_readwrite: true',
            '  agent_removal_rate_limit: 1/10mins',
            '  offer_timeout: 5mins',
            '  max_agent_ping_timeouts: 20',
            '  acls:',
            '    register_agents:',
            '      - { principals: { values: [agents] }, agents: { type: ANY } }',
            '      - { principals: { type: ANY }, agents: { type: NONE } }',
            'agent:',
            '  isolation: cgroups/cpu,cgroups/mem,filesystem/linux,docker/runtime',
            '  image_providers: docker',
            '  default_container_dns: { docker: [{ network_mode: BRIDGE, dns: { nameservers: [10.0.0.1] } }] }',
            'networks: [{ name: net1, type: bridge, bridge: br1 }]',
            'quotas: [{ role: web, limits: { cpus: 8, mem: 16384 } }]',
          ),
        ],
        'slave: { packages: [containernetworking-plugins] }\n',
      ),
      'cluster.yaml',
    );
    expect(spec.seed.mesos.master['offer_timeout']).toBe('5mins');
  });
});

describe('settings that Mesos would refuse are refused, with the place and the right form', () => {
  test.each<[readonly string[], RegExp]>([
    [
      mesos('master: { authenticate_agent: true }'),
      /:9:35: .*no flag authenticate_agent[^]*authenticate_agents/,
    ],
    [mesos('master: { quorum: 2 }'), /quorum is not set here[^]*follows from the number of masters/],
    [mesos('master: { ip: 10.0.0.1 }'), /ip is not set here[^]*derives it/],
    [mesos('agent: { work_dir: /srv }'), /work_dir is not set here/],
    [
      mesos('master: { credentials: /etc/c }'),
      /credentials is not set here[^]*seed\.secrets\.masterCredentials/,
    ],
    [mesos('master: { authenticate_slaves: true }'), /older name[^]*authenticate_agents/],
    [mesos('master: { offer_timeout: 5 minutes }'), /:9:30: .*5 minutes is not a duration[^]*10mins/],
    [mesos('master: { agent_ping_timeout: 20mins }'), /Mesos refuses agent_ping_timeout 20mins[^]*15mins/],
    [mesos('master: { agent_removal_rate_limit: 10mins }'), /10mins is not a rate[^]*1\/10mins/],
    [mesos('master: { recovery_agent_removal_limit: "10" }'), /10 is not a share[^]*10%/],
    [mesos('agent: { fetcher_cache_size: 1.5GB }'), /1\.5GB is not a size/],
    [mesos('agent: { cgroups_enable_cfs: "true" }'), /true is neither true nor false[^]*without quotes/],
    [mesos('agent: { isolation: "cgroups/cpu,cgroup/mem" }'), /no isolator cgroup\/mem/],
    [mesos('agent: { isolation: "filesystem/linux,filesystem/posix" }'), /one isolator of filesystem/],
    [mesos('agent: { image_providers: docker }'), /need the isolator filesystem\/linux/],
    [
      mesos('agent: { default_container_dns: { docker: [{ network_mode: HOST, dns: {} }] } }'),
      /network_mode HOST/,
    ],
    [mesos('master: { acls: { register_agent: [] } }'), /:9:39: .*register_agent is not an action/],
    [
      mesos('master: { acls: { run_tasks: [{ principals: { type: ANY } }] } }'),
      /users of run_tasks is missing/,
    ],
    [
      mesos('master: { acls: { run_tasks: [{ principals: { type: ALL }, users: { type: ANY } }] } }'),
      /the type "ALL"/,
    ],
    [
      mesos('master: { acls: { view_flags: [{ principals: { type: ANY }, flags: { values: [a] } }] } }'),
      /needs the type ANY or NONE/,
    ],
    [
      mesos('networks: [{ name: net1, type: bridge }]'),
      /slaves have no CNI plugins[^]*containernetworking-plugins/,
    ],
    [mesos('quotas: [{ role: "*", limits: { cpus: 1 } }]'), /role \* belongs to everybody/],
    [
      mesos('quotas: [{ role: web, limits: { cpus: 1 } }, { role: web, limits: { cpus: 2 } }]'),
      /role web is listed twice/,
    ],
    [['agents: [{ resources: { cpus: many } }]'], /cpus: "many" is neither a number/],
    [['agents: [{ resources: { ports: "[32000-31000]" } }]'], /32000-31000 runs backwards/],
    [['agents: [{ resources: { ports: "[5000-5100]" } }]'], /port 5051 .*belongs to the Mesos agent/],
    [['agents: [{ resources: { ports: "[31000-33000]" } }]'], /overlaps 32768-60999[^]*/],
    [['agents: [{ resources: "cpus:1;mem" }]'], /"mem" is not name:value/],
    [['agents: [{ resources: { "cpus(-web)": 1 } }]'], /the role -web/],
    [
      ['agents: [{ resources: [{ name: cpus, type: SCALAR, scalar: { values: 1 } }] }]'],
      /does not belong to the type/,
    ],
    [
      ['agents: [{ resources: { cpus: 1 } }, { addresses: [10.0.1.1], resources: { cpus: 2 } }]'],
      /some agents already get its resources/,
    ],
    [['agents: [{}]'], /an entry that sets nothing/],
    [
      [
        ...mesos('master: { offer_timeout: 1mins }'),
        'files: [{ path: "/etc/mesos-master/?offer_timeout", content: x }]',
      ],
      /gives the master the flag offer_timeout, and so does seed\.mesos/,
    ],
  ])('%j', (lines, message) => {
    expect(errorsOf(lines)).toMatch(message);
  });

  test('authentication without the secrets that it needs', () => {
    const message = errorsOf(
      mesos('master: { authenticate_agents: true }', 'agent: { authenticate_http_readonly: true }'),
    );
    expect(message).toMatch(/authenticate_agents without seed\.secrets\.masterCredentials/);
    expect(message).toMatch(/authenticate_agents without seed\.secrets\.agentCredential/);
    expect(message).toMatch(/authenticate_http_readonly without seed\.secrets\.agentHttpCredentials/);
    expect(message).toMatch(/authenticate_http_readonly without seed\.secrets\.operator/);
  });

  test('ACLs that exclude the agents, Marathon or the node’s own checks', () => {
    const message = errorsOf([
      ...secrets,
      ...mesos(
        'master: { acls: { permissive: false, register_agents: [{ principals: { values: [other] }, agents: { type: ANY } }] } }',
      ),
    ]);
    expect(message).toMatch(/do not let agents register as an agent/);
    expect(message).toMatch(/do not let marathon register as a framework/);
    expect(message).toMatch(/do not let operator read \/metrics\/snapshot/);
  });

  test('settings that only the Mesos of the other layout has', () => {
    const clusterd = (line: string) => () =>
      parseSpec(`${withSeed(mesos(line))}layout: clusterd\n`, 'cluster.yaml');
    expect(ingotErrorOf(clusterd('agent: { isolation: cgroups/pids }')).message).toMatch(
      /layout clusterd has no isolator cgroups\/pids/,
    );
    expect(errorsOf(mesos('agent: { docker_volume_chown: true }'))).toMatch(
      /layout mesosphere has no flag docker_volume_chown/,
    );
    expect(clusterd('agent: { docker_volume_chown: true }')).not.toThrow();
  });
});
