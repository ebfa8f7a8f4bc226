import type { Host, Running } from '../host/host.ts';
import { bootStages, type BootTimes } from './boot-stages.ts';
import { awaitLoader } from './loader-sign.ts';
import { clockScript, readClock } from './node-clock.ts';

/**
 * Measures one boot from power-on: from outside by the console, and, once the node is healthy, from inside by the
 * node's own clock.
 * The caller runs `script` on the node and passes each line of its output to `receive` as it arrives. Any connection
 * will do, over disk or network.
 */
export class BootClock {
  readonly script = clockScript;
  readonly #host: Host;
  readonly #powerOn: number;
  readonly #loader: Promise<number | undefined>;
  readonly #lines: string[] = [];
  readonly #pastLoader = new AbortController();
  #ssh: number | undefined;
  #read: number | undefined;

  /** @param console absolute path of the file of the serial console */
  constructor(host: Host, console: string, node: Running) {
    this.#host = host;
    this.#powerOn = host.now();
    this.#loader = awaitLoader(host, console, this.#pastLoader.signal);
    void node.ended.then(() => {
      this.#pastLoader.abort();
    });
  }

  /** Records that the node has answered over ssh; returns the seconds since power-on. */
  answered(): number {
    this.#ssh ??= this.#sincePowerOn(this.#host.now());
    this.#pastLoader.abort();
    return this.#ssh;
  }

  /** Takes one line of the output. The first line holds the node's time, so its arrival relates the two clocks. */
  receive(line: string): void {
    this.#read ??= this.#sincePowerOn(this.#host.now());
    this.#lines.push(line);
  }

  /** The stages of the boot; undefined if the node did not report its clock. */
  async times(): Promise<BootTimes | undefined> {
    const clock = readClock(this.#lines);
    if (clock === undefined || this.#ssh === undefined || this.#read === undefined) return undefined;
    const loader = await this.#loader;
    return bootStages(
      {
        loader: loader === undefined ? undefined : this.#sincePowerOn(loader),
        ssh: this.#ssh,
        clockRead: this.#read,
      },
      clock,
    );
  }

  #sincePowerOn(now: number): number {
    return (now - this.#powerOn) / 1000;
  }
}
