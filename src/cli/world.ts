import type { Host } from '../host/host.ts';

/** The surroundings of a command: streams, environment and host. A test passes its own. */
export interface World {
  readonly host: Host;
  /** Writes data to stdout. */
  readonly out: (text: string) => void;
  /** Writes messages to stderr. */
  readonly err: (text: string) => void;
  /** The command line without the program's own name; missing where a command runs as a part of another one. */
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stream that shows progress; err writes to it as well. */
  readonly stream: NodeJS.WriteStream;
  /** Where a person types answers; undefined where nobody can be asked. */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
}
