import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, metrics } from './ask.ts';
import { Bench, kill, type Running } from './bench.ts';
import { type Container, DockerDaemon } from './docker-daemon.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

interface Task {
  readonly id: string;
  readonly state: string;
  readonly slave_id: string;
}
interface State {
  readonly frameworks: readonly { readonly tasks: readonly Task[] }[];
}

/** The image of the containers: a shell. */
export const image = 'tiny:1';

/** A master and an agent that runs containers, with their own ZooKeeper and Docker daemon. */
export class ContainerBench extends Bench {
  readonly docker = new DockerDaemon();
  zk = 0;
  masterPort = 0;
  #agentPort = 0;
  #agent: Running | undefined;
  #agents = 0;

  /** Starts everything, and waits until the agent is registered. */
  async open(): Promise<void> {
    [this.zk, this.masterPort, this.#agentPort] = [await freePort(), await freePort(), await freePort()];
    this.startZooKeeper(this.zk);
    this.start('master', 'usr/sbin/mesos-master', [
      ...[`--zk=zk://127.0.0.1:${this.zk}/mesos`, '--quorum=1', '--ip=127.0.0.1'],
      ...[`--port=${this.masterPort}`, `--work_dir=${this.folder}/master`, '--no-hostname_lookup'],
    ]);
    await this.docker.ready(image);
    await this.startAgent();
  }

  override async close(): Promise<void> {
    await super.close();
    await this.docker.close();
  }

  /** Starts the agent and waits until it is registered. */
  async startAgent(...more: readonly string[]): Promise<void> {
    this.#agents += 1;
    const agent = this.start(`agent-${this.#agents}`, 'usr/sbin/mesos-slave', [
      ...[`--master=zk://127.0.0.1:${this.zk}/mesos`, '--ip=127.0.0.1', `--port=${this.#agentPort}`],
      ...[`--work_dir=${this.folder}/agent`, '--no-hostname_lookup', '--containerizers=docker,mesos'],
      ...[`--launcher_dir=${this.tree}/usr/libexec/mesos`, `--docker_socket=${this.docker.socket}`],
      ...['--docker=/usr/bin/docker', '--cgroups_enable_cfs', ...more],
    ]);
    this.#agent = agent;
    await eventually('the agent is registered', async () =>
      (await metrics(this.#agentPort))['slave/registered'] === 1 ? true : undefined,
    ).catch((error: unknown) => {
      throw new Error(agent.log(), { cause: error });
    });
  }

  /** Ends the agent with SIGTERM. */
  async stopAgent(): Promise<void> {
    if (this.#agent !== undefined) await kill(this.#agent, 'SIGTERM');
  }

  /** Starts mesos-execute with a container. */
  execute(name: string, command: string, ...more: readonly string[]): Running {
    return this.start(`execute-${name}`, 'usr/bin/mesos-execute', [
      ...[`--master=127.0.0.1:${this.masterPort}`, `--name=${name}`, '--containerizer=docker'],
      ...[`--docker_image=${image}`, '--shell=true', '--resources=cpus:0.1;mem:48'],
      ...[`--command=${command}`, ...more],
    ]);
  }

  /** Starts a task that does not end, and waits until it runs. */
  async running(name: string, ...more: readonly string[]): Promise<{ by: Running; container: Container }> {
    const by = this.execute(name, 'echo begun; exec sleep 1000', ...more);
    await eventually('mesos-execute says TASK_RUNNING', () =>
      by.log().includes('TASK_RUNNING') ? true : undefined,
    );
    const container = this.docker.container(image);
    if (container === undefined) throw new Error('there is no container');
    return { by, container };
  }

  /** A file in the sandbox of a task. */
  sandbox(name: string, file: string): string {
    const slaves = join(this.folder, 'agent/slaves');
    for (const slave of readdirSync(slaves))
      for (const framework of readdirSync(join(slaves, slave, 'frameworks'))) {
        const runs = join(slaves, slave, 'frameworks', framework, 'executors', name, 'runs');
        try {
          return readFileSync(join(runs, 'latest', file), 'utf8');
        } catch {
          continue;
        }
      }
    throw new Error(`there is no ${file} of ${name}`);
  }

  /** The master's data about a task that has not ended. */
  async known(name: string): Promise<Task | undefined> {
    const { body } = await ask<State>(this.masterPort, '/state');
    return body.frameworks.flatMap(({ tasks }) => tasks).find(({ id }) => id === name);
  }

  /** Ends a task by removing its framework. */
  async abandon(by: Running): Promise<void> {
    await kill(by, 'SIGTERM');
    await eventually('the task has ended with its framework', () => {
      const { State } = this.docker.container(image) ?? { State: { Status: 'gone' } };
      return State.Status === 'running' ? undefined : true;
    });
  }
}
