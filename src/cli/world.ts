import type { Host } from '../host/host.ts';

/** What a command gets: the streams, the environment, the host; a test passes its own. */
export interface World {
  readonly host: Host;
  /** Takes data, for stdout. */
  readonly out: (text: string) => void;
  /** Takes messages, for stderr. */
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where progress is shown: the stream behind err. */
  readonly stream: NodeJS.WriteStream;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
}
