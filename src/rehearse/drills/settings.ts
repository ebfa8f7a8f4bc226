import { z } from 'zod';
import { allRoles, roles } from '../../inputs/roles.ts';
import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import type { RehearsedPlace } from '../place.ts';
import { expectedFlags, type Flags, sameFlag } from '../settings/expected-flags.ts';
import { namedSecrets } from '../settings/rehearsed-settings.ts';

// In images of an earlier ingot the module is not in a package.
const withApi = `cd /usr/lib/ingot && python3 -sB -c 'import sys
try: from ingot_node import cluster_api
except ModuleNotFoundError: import cluster_api
exec(sys.argv[1])'`;
// Queries as the node's own programs do, with the login that the seed names. Without a login curl reports status 401.
const flagsScript = (address: string, port: number): string =>
  `${withApi} 'import json; print(json.dumps(cluster_api.ask("${address}", ${port}, "/flags").body["flags"]))'`;
const withoutLoginScript = (address: string, port: number): string =>
  `curl -s -k -o /dev/null -w '%{http_code}' "$(${withApi} 'print(cluster_api.url("${address}", ${port}, "/flags"))')" || true`;

/**
 * Replaces the agent's credential with a wrong one, restarts the agent and reports the result. The right credential is
 * always restored.
 */
const wrongAgent = (seconds: number): string => `set -eu
unit=$(systemctl list-units --plain --no-legend 'mesos-slave.service' 'mesos-agent.service' | awk '$3 == "active" { print $1; exit }')
secret=/run/ingot/secrets/agent-credential
cp -p "$secret" "$secret.right"
back() { mv "$secret.right" "$secret"; systemctl reset-failed "$unit" || true; systemctl restart "$unit"; }
trap back EXIT
principal=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["principal"])' "$secret")
printf '{"principal": "%s", "secret": "not the one"}' "$principal" >"$secret"
since=$(date '+%Y-%m-%d %H:%M:%S')
systemctl restart "$unit"
for _ in $(seq ${seconds}); do
  if journalctl --quiet --no-pager --output=cat --since "$since" | grep -m1 'refused authentication'; then exit 0; fi
  sleep 1
done
echo 'the agent was not refused'
`;

/** Runs mesos-execute, if the package has it, with a wrong secret. It must end without a task. */
const wrongFramework = (
  master: string,
): string => `if ! command -v mesos-execute >/dev/null; then echo 'no mesos-execute'; exit 0; fi
timeout 60 mesos-execute --master=${master}:5050 --name=intruder --command=true --principal=intruder --secret=wrong 2>&1 | tail -n 3 || true`;

const flagsSchema = z.record(z.string(), z.string());

/** Compares the flags of a node's Mesos with the wanted ones; returns the rows of the table. */
async function compare(cluster: Cluster, place: RehearsedPlace, wanted: Flags): Promise<string[][]> {
  if (Object.keys(wanted).length === 0) return [];
  const output = await cluster.run(place.name, flagsScript(place.address, roles[place.role].mesos.port));
  const actual = flagsSchema.parse(JSON.parse(output));
  const wrong = Object.entries(wanted).filter(([name, value]) => !sameFlag(value, actual[name]));
  if (wrong.length > 0)
    throw drillFailure(
      `${place.name} was not started with the settings of the seed:`,
      wrong.map(
        ([name, value]) =>
          `${name}: ${value || 'a path'} in the seed, ${actual[name] ?? 'nothing'} in /flags`,
      ),
    );
  return Object.keys(wanted).map((name) => [place.role, name, actual[name] ?? '']);
}

/** Checks that a request without a login is refused. */
async function refused(cluster: Cluster, place: RehearsedPlace, flags: Flags): Promise<string[][]> {
  if (flags['authenticate_http_readonly'] !== 'true') return [];
  const status = (
    await cluster.run(place.name, withoutLoginScript(place.address, roles[place.role].mesos.port))
  ).trim();
  if (status !== '401')
    throw drillFailure(`${place.name} answers /flags without a login: HTTP status ${status}`);
  return [[place.role, 'HTTP without a login', `refused: ${status}`]];
}

/** Checks that an agent and a framework with a wrong secret are refused. */
async function checkWrongSecrets(cluster: Cluster, master: Flags): Promise<string[][]> {
  const [slave] = cluster.slaves;
  const [first] = cluster.masters;
  const rows: string[][] = [];
  const secrets = namedSecrets(cluster.options.settings);
  if (
    master['authenticate_agents'] === 'true' &&
    slave !== undefined &&
    secrets['agentCredential'] !== undefined
  ) {
    cluster.say(`${slave.name} starts with a wrong credential`);
    const output =
      (await cluster.run(slave.name, wrongAgent(cluster.limit(60)))).trim().split('\n').at(0) ?? '';
    if (!output.includes('refused authentication'))
      throw drillFailure(`an agent with a wrong credential was not refused: ${output}`);
    rows.push(['slave', 'an agent with a wrong secret', 'refused authentication']);
    await cluster.healthy(cluster.limit(120));
  }
  if (master['authenticate_http_frameworks'] === 'true' && slave !== undefined && first !== undefined) {
    const output = (await cluster.run(slave.name, wrongFramework(first.address))).trim();
    if (/TASK_|Subscribed/.test(output))
      throw drillFailure(`a framework with a wrong secret was let in: ${output}`);
    rows.push([
      'master',
      'a framework with a wrong secret',
      output.includes('no mesos-execute') ? 'not tried: no mesos-execute' : 'refused',
    ]);
  }
  return rows;
}

function tableOf(rows: readonly string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      ([role = '', name = '', value = '']) =>
        `${role.padEnd(widths[0] ?? 0)}  ${name.padEnd(widths[1] ?? 0)}  ${value}\n`,
    )
    .join('');
}

export const settings: Drill = {
  name: 'settings',
  proves:
    'the Mesos of every node runs with the settings of the seed (/flags); without a login, and with a wrong one, nobody is let in',
  quick: true,
  cannot: (ground) =>
    allRoles.some((role) => Object.keys(expectedFlags(ground.settings, role)).length > 0)
      ? undefined
      : 'the seed sets nothing of Mesos',
  run: async (cluster) => {
    const rows: string[][] = [];
    for (const places of [cluster.masters, cluster.slaves])
      for (const [index, place] of places.entries()) {
        const wanted = expectedFlags(cluster.options.settings, place.role);
        const found = [
          ...(await compare(cluster, place, wanted)),
          ...(await refused(cluster, place, wanted)),
        ];
        if (index === 0) rows.push(...found);
      }
    rows.push(...(await checkWrongSecrets(cluster, expectedFlags(cluster.options.settings, 'master'))));
    const nodes = cluster.masters.length + cluster.slaves.length;
    return { saw: `${rows.length} settings and refusals, on ${nodes} nodes`, table: tableOf(rows) };
  },
};
