import { spawn } from 'node:child_process';
import { nodePrograms } from '../../unit/images/node-programs.ts';

/**
 * Runs a program of a node with this address: in its own mount namespace, where /run is an empty tmpfs, with the files
 * of
 * its layer over the common ones.
 * @param program its layer and its path, such as "master:/usr/lib/ingot/check/zookeeper"
 * @param etc path below /etc -> content of files that the node has and this host does not
 */
export async function onNode(
  program: string,
  args: readonly string[],
  address = '127.0.0.1',
  etc: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number | null; output: string }> {
  const [layer = '', path = ''] = program.split(':/');
  const lower = nodePrograms(...new Set(['common', layer]));
  const inside = [
    'set -e',
    'mount -t tmpfs tmpfs /run',
    'mkdir -p /run/ingot /run/etc /run/work /run/root /run/none',
    `mount -t overlay overlay -o lowerdir=/run/none:${lower} /run/root`,
    `echo ${address} >/run/ingot/address`,
    'mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc',
    'while [ "$1" != -- ]; do mkdir -p "/etc/$(dirname "$1")"; printf %s "$2" >"/etc/$1"; shift 2; done',
    'shift; exec "$@"',
  ].join('\n');
  const files = Object.entries(etc).flat();
  const child = spawn(
    'unshare',
    ['--mount', 'sh', '-c', inside, 'sh', ...files, '--', `/run/root/${path}`, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    },
  );
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
