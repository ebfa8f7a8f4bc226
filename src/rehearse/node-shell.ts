import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, RunResult } from '../host/host.ts';
import { runOnNode, type SshTarget } from '../vm/ssh.ts';
import { drillFailure } from './drill-failure.ts';
import { pythonScript } from './follow.ts';
import type { Machine } from './machine.ts';

/** A web server of the rehearsal, as a node reaches it. */
export interface WebServer {
  /** Absolute path of the unix socket that it listens at. */
  readonly socket: string;
  /** Its port on the node's loopback interface while a command runs on the node. */
  readonly port: number;
}

export interface NodeShellOptions {
  readonly signal: AbortSignal;
  /** The text of templates/rehearse/inventory.py. */
  readonly inventory: string;
  /** Absolute path of the folder that keeps the journals. */
  readonly logFolder: string;
}

/** Runs commands on the nodes of a rehearsal over ssh. */
export class NodeShell {
  readonly #host: Host;
  readonly #options: NodeShellOptions;

  constructor(host: Host, options: NodeShellOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Runs a shell script on a node as root. Any exit status is returned as an answer; 255 is ssh's own. */
  async run(machine: Machine, script: string): Promise<RunResult> {
    return this.#run(machine.ssh, script);
  }

  /**
   * As `run`, but throws for an exit status other than 0.
   * @param web a server that the node can reach meanwhile
   * @returns the output
   * @throws IngotError node-failed
   */
  async output({ place, ssh }: Machine, script: string, web?: WebServer): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(web === undefined ? ssh : withWeb(ssh, web), script);
    if (exitCode === 0) return stdout;
    throw drillFailure(`${place.name}: a command ended with exit status ${exitCode}`, [
      ...script.split('\n').slice(0, 5),
      ...`${stdout}\n${stderr}`.split('\n').slice(-10),
    ]);
  }

  /** The inventory of a node: everything that identifies it, one line of JSON per fact. */
  async inventory(machine: Machine): Promise<string> {
    return this.output(machine, pythonScript(this.#options.inventory));
  }

  /** Saves the journal of every node that answers to the folder of logs. */
  async keepJournals(machines: readonly Machine[]): Promise<void> {
    await Promise.all(
      machines.map(async (machine) => {
        const { stdout, stderr } = await this.run(machine, 'journalctl --no-pager --output=short-precise');
        const file = join(this.#options.logFolder, `journal-${machine.place.name}.log`);
        writeFileSync(file, stdout + stderr);
      }),
    );
  }

  async #run(target: SshTarget, script: string): Promise<RunResult> {
    return runOnNode(this.#host, target, script, { signal: this.#options.signal });
  }
}

/** Uses a separate connection, because a forwarding of the shared one would remain. */
function withWeb(ssh: SshTarget, web: WebServer): SshTarget {
  const { shared, ...own } = ssh;
  return shared === undefined ? { ...ssh, forward: web } : { ...own, forward: web };
}
