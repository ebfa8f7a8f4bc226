/** What was seen of a combination: from most to least. */
export type Seen = 'baked and booted' | 'rendered and validated' | 'not supported';

/** One row of docs/matrix.md. */
export interface MatrixRow {
  readonly base: string;
  readonly packer: string;
  readonly node: string;
  readonly builder: string;
  readonly architecture: string;
  readonly firmware: string;
  readonly seen: Seen;
  /** The test that shows it, as a path in the project; or, if it is not supported, why. */
  readonly by: string;
}

const ours = { packer: '1.6.6', node: '20', builder: 'qemu', architecture: 'amd64' } as const;
const both = 'UEFI and BIOS';

/** Every combination that was looked at. Whoever shows more of one changes its row, together with the test. */
export const matrix: readonly MatrixRow[] = [
  {
    base: 'Debian 12',
    ...ours,
    firmware: both,
    seen: 'baked and booted',
    by: 'test/e2e/golden-images.test.ts',
  },
  {
    ...{ base: 'Debian 13', ...ours, firmware: 'UEFI for the master, BIOS for the slave' },
    ...{ seen: 'baked and booted', by: 'test/e2e/debian-13.nightly.test.ts' },
  },
  {
    ...{ base: 'Debian 12 and 13', ...ours, packer: '1.7 to 1.16', firmware: both },
    ...{ seen: 'rendered and validated', by: 'test/integration/render/packer.test.ts' },
  },
  {
    ...{ base: 'Debian 12', ...ours, builder: 'amazon-ebssurrogate', firmware: both },
    ...{ seen: 'rendered and validated', by: 'test/integration/publish/ami-command.test.ts' },
  },
  {
    ...{
      base: 'Debian 12',
      ...ours,
      builder: 'amazon-ebs, vsphere-iso, proxmox-iso, googlecompute, azure-arm, openstack',
    },
    ...{ firmware: both, seen: 'not supported' },
    by: 'a golden root is baked once and published in the form that each of these takes (artifacts.md); no template builds there',
  },
  {
    ...{ base: 'Debian 12', ...ours, node: '22, 24', firmware: both, seen: 'not supported' },
    by: 'unit tests pass (make test-node); nothing was baked under them',
  },
  {
    ...{ base: 'Ubuntu 22.04, 24.04', ...ours, firmware: both, seen: 'not supported' },
    by: 'images/suites has no folder for them, and ingot check says so',
  },
  {
    ...{ base: "a vendor's cloud image", ...ours, firmware: both, seen: 'not supported' },
    by: 'the tree of a role begins with packages of the lock',
  },
  {
    ...{ base: 'any, with IPv6 addresses for the cluster', ...ours, firmware: both, seen: 'not supported' },
    by: 'Mesos connects masters and agents only by IPv4 (decisions/ipv4-for-mesos.md)',
  },
  {
    ...{ base: 'Debian 12', ...ours, architecture: 'arm64', firmware: 'UEFI', seen: 'not supported' },
    by: 'base.architecture takes only amd64',
  },
];

/** The table of docs/matrix.md. */
export function matrixTable(rows: readonly MatrixRow[]): string {
  const head = [
    'base',
    'Packer',
    'Node.js',
    'builder',
    'architecture',
    'firmware',
    'seen',
    'by the test, or why not',
  ];
  const cells = rows.map(({ base, packer, node, builder, architecture, firmware, seen, by }) => [
    ...[base, packer, node, builder, architecture, firmware, seen],
    seen === 'not supported' ? by : `\`${by}\``,
  ]);
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
