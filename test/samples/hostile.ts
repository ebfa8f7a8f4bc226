import fc from 'fast-check';
import type { Plan, RolePlan } from '../../src/inputs/plan/plan.ts';

/** Values that break naive quoting in one way or another. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  'no',
  'yes',
  'null',
  '~',
  '0123',
  '0x1f',
  '1e3',
  '12:30:45',
  '2026-11-22',
  '"; rm -rf / #',
  "it's",
  '\\',
  '\\n',
  'line one\nline two\n',
  'tab\tand\rreturn',
  '${path.root}',
  '$${x}',
  '$$${x}',
  '%{ if true }',
  '%%{x',
  '{{ .SSHHostPort }}',
  '{{{{`}}',
  '`id` $(id) $HOME',
  '# comment: x',
  '- item',
  '&a *b !tag',
  'é ß 漢字 😀',
  'zero\u200bwidth \u2028 \u202e',
  '\u0007\u001b[31m',
  '\ufeff',
];

/** Any text that UTF-8 can encode, with the characters that matter for quoting far more often than by chance. */
export const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('$', '%', '{', '}', '"', "'", '\\', '`', '\n', '#', ' ', 'a', '0', ':'),
  }),
);

/** Text as HCL can represent it: HCL normalises to NFC. */
export const anyNfcText = anyText.filter((text) => text === text.normalize('NFC'));

function samplePart(role: RolePlan['role']): RolePlan {
  return {
    role,
    packages: [],
    debs: [],
    layers: [],
    files: [{ path: '/etc/motd', mode: '0644', content: 'golden\n' }],
    steps: [
      { name: '10-first', folder: '/images/10-first' },
      { name: '20-second', folder: '/images/20-second' },
    ],
    unitsOn: ['zookeeper.service', 'fstrim.timer'],
    unitsMasked: ['other.service', 'getty@tty1.service'],
    kernelArguments: ['quiet'],
    sysctls: {
      'vm.swappiness': '1',
      'net.core.somaxconn': '4096',
      'net.ipv4.ip_local_port_range': '32768 60999',
    },
    checks: [],
    memoryMiB: 1024,
    compressionLevel: 3,
  };
}

export const samplePlan: Plan = {
  cluster: 'demo',
  masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
  quorum: 2,
  layout: 'mesosphere',
  scheduler: 'marathon',
  targets: ['qcow2'],
  base: { distribution: 'debian', suite: 'bookworm', architecture: 'amd64', sources: [] },
  sharedPackages: [],
  roles: [samplePart('master'), samplePart('slave')],
  guest: { cpus: 2, memoryMiB: 2048, timeoutMinutes: 20 },
  confirmMinutes: 15,
  data: null,
  seed: { cluster: {}, files: [] },
  epoch: Date.UTC(2026, 10, 22) / 1000,
};
