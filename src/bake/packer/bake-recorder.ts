import type { Host } from '../../host/host.ts';
import { plainLines } from '../../host/plain-text.ts';
import { type BakeState, newBakeState, nextBakeState } from './bake-state.ts';
import { type BakeEvent, type BakeHappening, eventLine } from './events.ts';
import { type LineLog, openLineLog } from './line-log.ts';
import { RowReader } from './machine-readable.ts';
import { readRow } from './read-row.ts';
import type { Redact } from './redact.ts';
import { runFiles } from './run-files.ts';

interface Recording {
  readonly host: Host;
  readonly redact: Redact;
  readonly onEvent: (event: BakeEvent) => void;
  readonly builds: readonly string[];
  readonly runFolder: string;
}

const keptQemuLines = 10;

/**
 * Turns Packer's output into events and state, and writes both logs. Secrets are removed from everything it passes on.
 */
export class BakeRecorder {
  readonly #recording: Recording;
  readonly #events: LineLog;
  readonly #packerLog: LineLog;
  readonly #rows = new RowReader();
  readonly #begunAt: number;
  readonly #consoleLine = new Map<string, string>();
  #closed = false;
  #state: BakeState;
  #qemuLines: readonly string[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#events = openLineLog(runFiles.events(recording.runFolder));
    this.#packerLog = openLineLog(runFiles.packerLog(recording.runFolder));
    this.#begunAt = recording.host.now();
    this.#state = newBakeState(recording.builds);
    this.#happens({ type: 'bake-begins', builds: recording.builds });
  }

  get state(): BakeState {
    return this.#state;
  }

  /** QEMU's output on stderr: the reason why a guest did not start. */
  get qemuLines(): readonly string[] {
    return this.#qemuLines;
  }

  /** Seconds since the bake began. */
  seconds(): number {
    return (this.#recording.host.now() - this.#begunAt) / 1000;
  }

  /** Processes a line of Packer's stdout. */
  row(line: string): void {
    if (this.#closed) return;
    for (const row of this.#rows.push(`${line}\n`)) {
      const at = this.#recording.host.now();
      for (const event of readRow(row, { state: this.#state, redact: this.#recording.redact, at }))
        this.#tell(event);
    }
  }

  /** Processes a line of Packer's stderr, its debug log. */
  debug(line: string): void {
    if (this.#closed) return;
    for (const clean of plainLines(line).map(this.#recording.redact)) {
      this.#packerLog.write(clean);
      const qemu = /Qemu stderr: (.*)$/.exec(clean)?.[1];
      if (qemu !== undefined) this.#qemuLines = [...this.#qemuLines, qemu].slice(-keptQemuLines);
    }
  }

  /** The builds whose guest was started but does not answer yet. */
  booting(): string[] {
    return Object.entries(this.#state.builds).flatMap(([name, { phase }]) =>
      phase === 'booting' ? [name] : [],
    );
  }

  /** Processes the last line of a guest's console; an unchanged line is ignored. */
  console(build: string, line: string): void {
    if (this.#closed) return;
    const text = this.#recording.redact(line);
    if (this.#consoleLine.get(build) === text) return;
    this.#consoleLine.set(build, text);
    this.#happens({ type: 'console', build, text });
  }

  /** Writes the end and closes the logs; later input is dropped. */
  close(result: 'done' | 'failed' | 'interrupted'): void {
    this.#happens({ type: 'bake-done', result, seconds: this.seconds() });
    this.#closed = true;
    this.#events.close();
    this.#packerLog.close();
  }

  #happens(happening: BakeHappening): void {
    this.#tell({ ...happening, at: this.#recording.host.now() });
  }

  #tell(event: BakeEvent): void {
    this.#state = nextBakeState(this.#state, event);
    this.#events.write(eventLine(event));
    this.#recording.onEvent(event);
  }
}
