import { cpus, totalmem } from 'node:os';
import type { Host } from '../src/host/host.ts';
import { toolVersion } from '../src/inputs/plan/tool-version.ts';
import type { MachineFacts } from './result.ts';

const packages = [
  'aide',
  'qemu-system-x86',
  'packer',
  'mmdebstrap',
  'squashfs-tools',
  'live-build',
  'coreutils',
  'nginx',
  'curl',
];

/** The properties of the machine on which the figures depend: cores, memory, accelerator, versions of programs. */
export async function machineFacts(host: Host, accelerator: string): Promise<MachineFacts> {
  const shown = await host.run(
    'dpkg-query',
    ['--show', '--showformat=${Package} ${Version}\n', ...packages],
    {
      accept: [0, 1], // 1: one of them is not installed, and is omitted
    },
  );
  const found = shown.stdout
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([name = '', version = '']): [string, string][] => (version === '' ? [] : [[name, version]]));
  return {
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    processor: cpus()[0]?.model ?? 'unknown',
    accelerator,
    versions: Object.fromEntries<string>([['ingot', toolVersion], ['node', process.versions.node], ...found]),
  };
}
