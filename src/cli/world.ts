import type { Host } from '../host/host.ts';

/** What a command is handed: the streams, the environment, the host; so that a test can hand in others. */
export interface World {
  readonly host: Host;
  /** Data goes here. */
  readonly out: (text: string) => void;
  /** What people read goes here. */
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where progress is shown: the stream behind err. */
  readonly stream: NodeJS.WriteStream;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
}
