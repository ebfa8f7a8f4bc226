import { readFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { type Finding, found, type HostCheck, ok } from '../finding.ts';

/** What a host is. */
export interface SystemFacts {
  /** The text of /etc/os-release (os-release(5)). */
  readonly osRelease: string;
  /** As Node.js names it: x64. */
  readonly architecture: string;
  /** The version of Node.js, without the v. */
  readonly node: string;
  readonly root: boolean;
}

const oldestNode = [20, 20];

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldestNode;
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Returns what a system is, and whether ingot is tested on it. */
export function judgeSystem({ osRelease, architecture, node, root }: SystemFacts): Finding[] {
  const field = (name: string) =>
    new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, 'm').exec(osRelease)?.[1] ?? '';
  const name = field('PRETTY_NAME') || 'an unknown system';
  const isTested = field('ID') === 'debian' && field('VERSION_ID') === '12';
  return [
    isTested
      ? ok('system', name)
      : found('system', 'warning', `${name}: ingot is tested on Debian 12`, 'bake on a Debian 12 machine'),
    architecture === 'x64'
      ? ok('system', 'the processor is amd64')
      : found(
          'system',
          'problem',
          `the processor is ${architecture}: images are for amd64`,
          'bake on an amd64 machine',
        ),
    isOlder(node)
      ? found(
          'system',
          'problem',
          `Node.js ${node} is older than ${oldestNode.join('.')}`,
          'install Node.js 20.20 or later',
        )
      : ok('system', `Node.js ${node}`),
    root
      ? ok('system', 'this user is root')
      : found('system', 'warning', 'this user is not root, and baking needs root', 'sudo ingot bake SPEC'),
  ];
}

/** The distribution, the processor, Node.js and the user. */
export const checkSystem: HostCheck = async () =>
  judgeSystem({
    osRelease: await readFile('/etc/os-release', 'utf8').catch(() => ''),
    architecture: arch(),
    node: process.versions.node,
    root: process.getuid?.() === 0,
  });
