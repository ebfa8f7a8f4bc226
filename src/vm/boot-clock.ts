import type { Host, Running } from '../host/host.ts';
import { bootStages, type BootTimes } from './boot-stages.ts';
import { awaitLoader } from './loader-sign.ts';
import { clockQuestion, readClock } from './node-clock.ts';

/**
 * Follows one boot from the moment of power-on: the console from outside, and, once the node is healthy, what its own clock says.
 * The node has to run `question` and every line of its answer has to come to `heard` as it arrives; that may be any connection, over disk or network.
 */
export class BootClock {
  readonly question = clockQuestion;
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

  /** The node has answered over ssh; gives the seconds since power-on. */
  answered(): number {
    this.#ssh ??= this.#sincePowerOn(this.#host.now());
    this.#pastLoader.abort();
    return this.#ssh;
  }

  /** A line of the answer to the question. Its first one has the node's time, so its arrival is what joins the two clocks. */
  heard(line: string): void {
    this.#read ??= this.#sincePowerOn(this.#host.now());
    this.#lines.push(line);
  }

  /** The stages of the boot; undefined if the node did not say what its clock says. */
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
