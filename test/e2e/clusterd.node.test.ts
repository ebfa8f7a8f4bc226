import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rehearseShape } from '../../src/cli/shapes/test-shapes.ts';
import { bakeClusterdOnce, clusterdSpec, clusterdStore } from './clusterd-store.ts';
import { type Ended, processesNaming, startIngot } from './ingot-process.ts';
import { signingKeyFile } from './run-folder.ts';

interface Checks {
  readonly role: string;
  readonly checks: readonly { readonly name: string; readonly saw: string }[];
}

const latest = (role: string, file: string): string => join(clusterdStore, role, 'latest', file);
const checksOf = (role: string): Checks =>
  JSON.parse(readFileSync(latest(role, 'checks.json'), 'utf8')) as Checks;
const seen = (role: string, name: string): string | undefined =>
  checksOf(role).checks.find((one) => one.name === name)?.saw;
const inRoot = (role: string, path: string): string =>
  execFileSync('unsquashfs', ['-cat', latest(role, 'root.squashfs'), path], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });

describe('the layout clusterd', () => {
  let bake: Ended;
  beforeAll(async () => {
    bake = await bakeClusterdOnce();
  });

  it('bakes two images of a package that has no maintainer scripts, and both pass all their checks on a booted node', () => {
    expect(bake.exitCode, bake.stderr).toBe(0);
    expect(bake.stderr).toMatch(/holds stand-ins: .*aventer-mesos 1\.11\.0-0\.10\.0\.standin1/);
    for (const role of ['master', 'slave']) {
      expect(checksOf(role).role).toBe(role);
      expect(seen(role, 'nothing has drifted')).toBe('no drift');
      expect(seen(role, 'units are on and masked as declared')).toMatch(
        /no service restarts again and again$/,
      );
    }
  });

  it('has masters that elect a leader, and an agent on cgroup v2 that registers with it', () => {
    expect(seen('master', 'the registry is recovered')).toBe('registrar/log/recovered is 1');
    expect(seen('slave', 'Docker and the agent share cgroup v2')).toBe('cgroup v2');
    expect(checksOf('slave').checks.map(({ name }) => name)).toContain('the agent is registered');
  });

  it('keeps everything that the agent needs in the image, and none of it in memory', () => {
    const flag = (name: string): string => inRoot('slave', `etc/mesos-agent/${name}`).trim();
    expect(flag('systemd_enable_support')).toBe('false');
    for (const name of ['fetcher_cache_dir', 'appc_store_dir', 'docker_store_dir', 'work_dir'])
      expect(flag(name), name).toMatch(/^\/var\/lib\/mesos(?:\/|$)/);
    expect(inRoot('slave', 'usr/lib/systemd/system/mesos-agent.service.d/10-ingot.conf')).toContain(
      '\nKillMode=process\n',
    );
    const listed = execFileSync('unsquashfs', ['-l', '-d', '', latest('slave', 'root.squashfs')], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    }).split('\n');
    for (const folder of [
      '/var/lib/mesos',
      '/var/lib/docker',
      '/etc/mesos-agent/attributes',
      '/etc/mesos/cni',
      '/usr/lib/cni',
    ])
      expect(listed).toContain(folder);
  });

  // Three masters, two slaves and the loss of the leader: rehearsal.nightly.test.ts.
  it('passes the rehearsal of the smallest cluster: a master and a slave come up, agree, and have no drift and the settings of the seed', async () => {
    const size = ['--masters', '1', '--slaves', '1', '--drills', 'agree,drift,settings'];
    const args = ['rehearse', clusterdSpec, '--out', clusterdStore, ...size, '--json'];
    const { exitCode, stdout, stderr } = await startIngot([...args, '--seed-key', signingKeyFile]).ended;
    expect(stdout, stderr).toMatch(/^\{/);
    const { outcomes, logs } = rehearseShape.parse(JSON.parse(stdout));
    const lines = outcomes.map(
      ({ name, result, seconds, saw }) => `${name}  ${result}  ${seconds.toFixed(1)} s  ${saw}`,
    );
    process.stderr.write(`    ${lines.join('\n    ')}\n`);
    expect(
      outcomes.map(({ name, result }) => [name, result]),
      lines.join('\n'),
    ).toEqual(['rise', 'agree', 'drift', 'settings'].map((name) => [name, 'passed']));
    expect(exitCode, stderr).toBe(0);
    expect(processesNaming(join('runs', basename(dirname(logs))))).toEqual([]);
    // The samples of every node, one a second, are kept.
    expect(readdirSync(logs).filter((file) => file.startsWith('looks-'))).toHaveLength(2);
  });
});
