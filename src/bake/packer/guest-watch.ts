import type { BakeEvent } from './events.ts';
import { roleOfBuild } from './run-files.ts';

/** What is done about the guests of a run, besides running it. */
export interface GuestActions {
  /** Takes the local port of a guest's sshd, and the process in whose network namespace it is. */
  readonly onPort?: ((role: string, port: number, networkOf: number | undefined) => void) | undefined;
  /** Called when a step has failed, while its guest waits; Packer is ended when it returns. */
  readonly hold?: ((role: string, step: string) => Promise<void>) | undefined;
}

/** What Packer's qemu builder prints about the port that leads to a guest's sshd. */
const portLine = /^Found port for communicator [^:]*: ([0-9]+)\.$/;

/** Watches the events of a run for what concerns its guests as machines. */
export class GuestWatch {
  readonly #actions: GuestActions;
  readonly #released = new AbortController();
  #networkOf: number | undefined;
  #held = false;

  constructor(actions: GuestActions) {
    this.#actions = actions;
  }

  /** Takes the process in whose network namespace the guests are; undefined if it is that of this host. */
  networkOf(pid: number | undefined): void {
    this.#networkOf = pid;
  }

  /** Whether a guest is kept, or was, because a step failed in it. */
  get held(): boolean {
    return this.#held;
  }

  /** Aborted when nobody needs a kept guest any more, or by the signal. */
  endSignal(signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([this.#released.signal, ...(signal === undefined ? [] : [signal])]);
  }

  see(event: BakeEvent): void {
    const { hold, onPort } = this.#actions;
    if (event.type === 'line' && event.build !== undefined && event.kind === 'say') {
      const port = portLine.exec(event.text)?.[1];
      if (port !== undefined) onPort?.(roleOfBuild(event.build), Number(port), this.#networkOf);
    }
    if (event.type === 'step-failed' && hold !== undefined) {
      this.#held = true;
      const release = (): void => {
        this.#released.abort();
      };
      void hold(roleOfBuild(event.build), event.step).then(release, release);
    }
  }
}
