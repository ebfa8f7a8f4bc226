/** How the containers of a model differ from those of a sound cluster. */
export interface ContainerFaults {
  /** The agent's unit also ends executors. */
  readonly killsTasks?: boolean;
  /** A new agent leaves the containers of the previous one. */
  readonly keepsOrphans?: boolean;
  /** Containers have no memory limit. */
  readonly unlimited?: boolean;
  /** mesos-execute reports that every task ended well. */
  readonly alwaysFine?: boolean;
  /** The output of a container is not kept. */
  readonly losesOutput?: boolean;
}

interface Given {
  readonly name: string;
  readonly command: string;
}

/** The answers of templates/rehearse/container.py on a cluster whose tasks all run on one slave. */
export class ModelContainers {
  readonly #faults: ContainerFaults;
  readonly #slave: string;
  #running = false;
  #left = false;
  #state = 'TASK_STAGING';

  constructor(faults: ContainerFaults, slave: string) {
    this.#faults = faults;
    this.#slave = slave;
  }

  /** The answer to a step, as JSON; undefined for a script that is not a step. */
  answer(node: string, script: string, agentId: (name: string) => string): string | undefined {
    const literal = /^STEP = json\.loads\((".*")\)$/m.exec(script)?.[1];
    if (literal === undefined) return undefined;
    const { step, given } = JSON.parse(JSON.parse(literal) as string) as { step: string; given: Given };
    return `${JSON.stringify(this.#step(node, step, given, agentId))}\n`;
  }

  #step(node: string, step: string, given: Given, agentId: (name: string) => string): object {
    const here = node === this.#slave;
    if (step === 'image') return { image: 'sha256:x' };
    if (step === 'start') return this.#start(given);
    if (step === 'said') return { text: this.#said(), runs: this.#running };
    if (step === 'known') return { state: this.#state, agent: agentId(this.#slave) };
    if (step === 'containers') return { containers: here ? this.#containers() : [], quotaWanted: false };
    if (step === 'sandbox')
      return { stdout: this.#faults.losesOutput === true ? '' : 'a line of the rehearsal\n', stderr: '' };
    if (step === 'restart-agent') return this.#restart();
    if (step === 'empty-agent') return this.#empty();
    this.#left = false;
    return {};
  }

  #start({ command }: Given): object {
    this.#running = !command.includes('exit 7');
    const fine = this.#faults.alwaysFine === true;
    this.#state = this.#running ? 'TASK_RUNNING' : fine ? 'TASK_FINISHED' : 'TASK_FAILED';
    return {};
  }

  #said(): string {
    const status = this.#state === 'TASK_FAILED' ? "  message: 'Container exited with status 7'\n" : '';
    return `Received status update ${this.#state} for task 'x'\n${status}`;
  }

  #restart(): object {
    const killMode = this.#faults.killsTasks === true ? 'control-group' : 'process';
    if (this.#faults.killsTasks === true)
      [this.#running, this.#left, this.#state] = [false, true, 'TASK_LOST'];
    return { unit: 'mesos-agent.service', killMode };
  }

  #empty(): object {
    this.#left = this.#faults.keepsOrphans === true;
    [this.#running, this.#state] = [false, 'TASK_GONE'];
    return { unit: 'mesos-agent.service' };
  }

  #containers(): object[] {
    if (!this.#running && !this.#left) return [];
    const memory = this.#faults.unlimited === true ? 'max' : String(48 * 2 ** 20);
    return [
      {
        ...{ id: 'c0ffee', name: 'mesos-c0ffee', running: this.#running, startedAt: '2026-01-01T00:00:00Z' },
        ...{ memory, cpuShares: null, cpuWeight: '4', cpuQuota: 'max 100000' },
      },
    ];
  }
}
