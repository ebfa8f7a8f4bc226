import { readProgram } from '../../host/read-program.ts';
import type { AnswerSource } from '../inventory/fleet-node.ts';
import { sshArguments, sshEnvironment, type SshOptions } from './ssh.ts';

/** How a command on a node ended. */
export interface NodeCommandEnd {
  /** 255 is a failure of ssh itself (ssh(1)); null if it took too long. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last line of stderr. */
  readonly lastError: string;
}

/** The most of an output that is kept, in bytes. */
const limit = 1024 ** 2;

async function boundedText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.byteLength;
    if (length > limit) break;
    kept.push(chunk);
  }
  return Buffer.concat(kept).toString();
}

/**
 * Runs a command on a node over the user's own ssh.
 * @param command words without characters that a shell would read
 */
export async function runOnFleetNode(
  source: Extract<AnswerSource, { kind: 'ssh' }>,
  command: readonly string[],
  options: Omit<SshOptions, 'last'>,
  signal: AbortSignal,
): Promise<NodeCommandEnd> {
  const wrong = command.find((word) => !/^[A-Za-z0-9@%+=:,./_-]+$/.test(word));
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} cannot be part of a command on a node`);
  const { value, end } = await readProgram(
    {
      program: 'ssh',
      args: sshArguments(source, { ...options, last: false }, command),
      env: sshEnvironment(options.env),
      timeoutMs: options.timeoutMs,
      signal,
    },
    boundedText,
  );
  return { exitCode: end.tookTooLong ? null : end.exitCode, stdout: value, lastError: end.lastError };
}
