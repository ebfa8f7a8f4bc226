import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const images = fileURLToPath(new URL('../../../images', import.meta.url));

/**
 * Runs a script of images/ as on a node with this address: in a mount namespace of its own, where /run is an empty tmpfs.
 * @param script path below images/
 */
export async function onNode(
  script: string,
  args: readonly string[],
  address = '127.0.0.1',
): Promise<{ exitCode: number | null; output: string }> {
  const inside = `mount -t tmpfs tmpfs /run && mkdir /run/ingot && echo ${address} >/run/ingot/address && exec "$@"`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', inside, 'sh', `${images}/${script}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
