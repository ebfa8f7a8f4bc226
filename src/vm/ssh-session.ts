import { spawn } from 'node:child_process';
import { fixedEnvironment } from '../host/environment.ts';
import { inNetworkOf } from './private-network.ts';
import { guestSshArguments, type SshTarget } from './ssh.ts';

/** The command that opens a session on a guest; with a terminal on the guest if we have one. */
export function sessionCommand(
  target: SshTarget,
  terminal: boolean,
): { readonly program: string; readonly args: readonly string[] } {
  const ssh = { program: 'ssh', args: [terminal ? '-t' : '-T', ...guestSshArguments(target)] };
  return target.networkOf === undefined ? ssh : inNetworkOf(target.networkOf, ssh);
}

/**
 * Opens a session on a guest with the streams of this process, and waits for its end.
 * @param env the user's environment, of which ssh gets only what a terminal needs
 * @returns the exit status of the session; 255 is ssh's own (ssh(1))
 */
export function openSession(
  target: SshTarget,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { program, args } = sessionCommand(target, process.stdin.isTTY);
  const session = spawn(program, [...args], {
    stdio: 'inherit',
    env: {
      PATH: fixedEnvironment({}).PATH,
      TERM: env['TERM'] ?? 'dumb',
      HOME: env['HOME'] ?? '/',
    },
  });
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('exit', (code) => {
      resolve(code ?? 255);
    });
  });
}
