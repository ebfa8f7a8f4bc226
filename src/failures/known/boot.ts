import { inArea } from '../known-failure.ts';

const console = ['error', 'console'] as const;

/** Failures of a node between power-on and the login by SSH. */
export const bootFailures = inArea('boot')([
  {
    code: 'initrd-damaged',
    title: 'The initrd is damaged',
    in: console,
    sign: /Initramfs unpacking failed: /,
    cause:
      'The kernel could not unpack the initrd: the file was truncated or changed on its way to the machine.',
    remedy: [
      'Verify the version: `ingot verify out/master/latest --key release.pub.pem`.',
      'Write the image to the disk again; for network boot, publish the folder again with `ingot netboot`.',
    ],
  },
  {
    code: 'root-damaged',
    title: 'The root of a node differs from its root hash',
    in: console,
    sign: /the root does not have the root hash|the root is damaged \(root hash|do not have the root hash|verity: .*(?:is corrupted|metadata block)|Verification of data area failed/,
    cause:
      'The disk is damaged, the image was not written completely, or somebody changed it. The kernel refuses to read such blocks.',
    remedy: [
      'Verify the version on the host: `ingot verify out/master/latest --key release.pub.pem`.',
      'Write the image to the disk again; if it happens again, replace the disk.',
    ],
  },
  {
    code: 'netboot-memory',
    title: 'A machine has too little memory to boot over the network',
    in: console,
    sign: /this machine has \d+ MiB of memory; the role needs \d+ MiB/,
    cause: 'A node that boots over the network keeps the whole root in memory.',
    remedy: ['Give it more memory, or boot it from a disk.'],
  },
  {
    code: 'netboot-no-card',
    title: 'The initrd finds no network card',
    in: console,
    sign: /ingot: refusing to boot: no network card/,
    cause: 'The cloud kernel has only the drivers of virtual machines.',
    remedy: ['Bake with `base.kernel: generic`, which has the drivers of hardware.'],
  },
  {
    code: 'netboot-no-address',
    title: 'No DHCP server answers a machine',
    in: console,
    sign: /no DHCP server gave an address within/,
    cause: 'The machine is on another network than the DHCP server, or its pool is used up.',
    remedy: [
      'Look at the cable, the VLAN and the port.',
      'Watch what arrives: `ingot netboot serve` prints each request.',
    ],
  },
  {
    code: 'netboot-fetch',
    title: 'A machine cannot fetch its image',
    in: console,
    sign: /ingot: refusing to boot: .* cannot be fetched: /,
    cause: 'The web server of the network boot does not answer, or does not have the file of this version.',
    remedy: [
      'Fetch it by hand: `curl -I URL`, with the URL of the message.',
      'Publish the folder again: `ingot netboot`.',
    ],
  },
  {
    code: 'disk-not-found',
    title: 'The initrd does not find the disk of the image',
    in: console,
    sign: /no partition with the file system id|is missing on the boot partition|the boot partition \S+ cannot be mounted/,
    cause:
      'The disk is not attached, its controller has no driver in this kernel, or the image was not written completely.',
    remedy: [
      'Attach the disk as virtio, SCSI or NVMe; on hardware, bake with `base.kernel: generic`.',
      'Write the image to the disk again.',
    ],
  },
  {
    code: 'boot-refused',
    title: 'The initrd refused to boot',
    in: console,
    sign: /ingot: refusing to boot/,
    cause: 'The initrd found something that makes a correct boot impossible; the same line says what.',
    remedy: ['Read the line; docs/node.md describes each stage of the boot.'],
  },
  {
    code: 'seed-missing',
    title: 'A node has no cluster seed',
    in: [...console, 'journal'],
    sign: /there is no cluster seed \(/,
    cause:
      'The image is the same for every cluster; without a seed a node knows neither its cluster nor who may log in.',
    remedy: [
      'Generate it: `ingot seed cluster.yaml`, and attach it as a disk labelled cidata, or as user data of the cloud.',
      'See docs/seed.md for each way of delivery.',
    ],
  },
  {
    code: 'seed-not-trusted',
    title: 'A node does not accept its seed',
    in: [...console, 'journal'],
    sign: /Nothing of the seed was used|the seed is not signed|accepts only signed seeds/,
    cause:
      'The image trusts only seeds with a signature by one of its keys (`seed.keys`), and this seed has none, or another one.',
    remedy: [
      'Sign the seed with the right key: `ingot seed cluster.yaml --sign release.pem`.',
      'For a boot test: `--seed-key release.pem`.',
    ],
  },
  {
    code: 'node-address',
    title: "A node's address does not fit the seed",
    in: [...console, 'journal'],
    sign: /no route to the first master|no address of this node is in the network|addresses of this node are in the network|are in the seed's list of masters|but the seed's list of masters has/,
    cause: 'The network of the node is not up, or its address is not the one that the seed expects.',
    remedy: [
      'Compare `ip address` of the node with masters and `seed.network` in cluster.yaml.',
      'Correct cluster.yaml, and give the nodes a new seed.',
    ],
  },
  {
    code: 'clock-not-set',
    title: 'The clock of a node is not synchronised',
    in: [...console, 'journal'],
    sign: /the clock is not synchronised: /,
    cause:
      'The seed names time servers, and none of them answered within a minute. ZooKeeper and Mesos need clocks that agree, so the node does not join.',
    remedy: [
      'Ask on the node: `chronyc -n sources`.',
      'Correct `seed.timeServers`, or let the node reach them (UDP port 123).',
    ],
  },
  {
    code: 'node-does-not-join',
    title: 'A node does not join its cluster',
    in: [...console, 'journal'],
    sign: /THIS NODE DOES NOT JOIN THE CLUSTER|the node does not join its cluster: /,
    cause: 'What the seed says does not fit this node; the next line on the console says what.',
    remedy: ['Read the next line. On the node, `ingot-status` shows it as well.'],
  },
  {
    code: 'root-not-found',
    title: 'The kernel finds no root',
    in: console,
    sign: /Kernel panic - not syncing: VFS: Unable to mount root fs/,
    cause: 'The kernel was started without an initrd, or with one that it could not unpack.',
    remedy: ['Name both, kernel and initrd, of the same version to the loader.', 'Write the image again.'],
  },
  {
    code: 'kernel-panic',
    title: 'The kernel panicked',
    in: console,
    sign: /Kernel panic - not syncing: /,
    cause: 'The first process ended, or the kernel found a fault of its own or of the machine.',
    remedy: [
      'Read the lines above the panic on the console.',
      'Try the other firmware: `ingot boot-test cluster.yaml --firmware other`.',
    ],
  },
  {
    code: 'no-bootable-disk',
    title: 'The firmware finds nothing to boot',
    in: console,
    sign: /No bootable device|BdsDxe: No bootable option|Boot failed: could not read the boot disk|the firmware finds nothing to boot/,
    cause:
      'The disk is not attached, is empty, or is in a form that this firmware does not boot, such as a VHD in EC2.',
    remedy: ['Look at the disk: `qemu-img info FILE`.', 'Write disk.raw or disk.qcow2 to it again.'],
  },
  {
    code: 'grub-files-missing',
    title: 'GRUB does not find its files',
    in: console,
    sign: /grub rescue>|GRUB does not find its own files|^error: (?:file|disk) `[^']*' not found/,
    cause: 'The boot partition is damaged, or the disk was written only in part.',
    remedy: ['Write the image to the disk again.', 'For an update: boot the other slot from the menu.'],
  },
  {
    code: 'emergency-mode',
    title: 'The boot ended in the emergency mode of systemd',
    in: console,
    sign: /You are in (?:emergency|rescue) mode|systemd gave up and is in/,
    cause: 'A mount that the boot needs failed, usually the data partition.',
    remedy: [
      'Look for the first line with FAILED or "Dependency failed" on the console.',
      'See docs/node.md about the data disk.',
    ],
  },
  {
    code: 'ssh-key-refused',
    title: 'A node refuses the login',
    in: ['error'],
    sign: /refuses the key of this boot test|Permission denied \(publickey/,
    cause: 'The node did not use the seed with the key: it found no seed, another one, or did not accept it.',
    remedy: [
      "Look at the node's console for lines with ingot:.",
      'For images that trust only signed seeds: `--seed-key release.pem`.',
    ],
  },
  {
    code: 'machine-stalls',
    title: 'The processors of a guest stall',
    in: [...console, 'journal'],
    sign: /watchdog: BUG: soft lockup|rcu: INFO: rcu_\w+ (?:self-)?detected stall|rcu_sched kthread starved/,
    cause:
      'The host has too much to do: a guest got no processor for many seconds, and its time limits ran out.',
    remedy: ['End other programs and other bakes on the host.', 'Rehearse with fewer nodes.'],
  },
  {
    code: 'node-too-slow',
    title: 'A node did not answer in time',
    in: ['error'],
    sign: /ssh did not answer within \d+ s/,
    cause:
      'The node hangs, or the host is so busy that the time limit was too short. Emulated nodes have eight times the limit.',
    remedy: ["Read the end of the node's console.", 'Run it again when the host has nothing else to do.'],
  },
]);
