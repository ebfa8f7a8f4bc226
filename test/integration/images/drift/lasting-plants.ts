import { fixed, forbidden, type Plant } from './plant.ts';

const esp = 'run/ingot/esp';
/** A Python program that can import boot_partition.py and runs in the root of the node. */
const slots = (text: string): string => `/usr/bin/python3 -B -c '
import sys; sys.path.insert(0, "TESTS")
from boot_partition import *
${text}'`;
const otherVersion = '20261101-bbbbbbbbbbbb';
const otherSlot = slots(`make_slot("${esp}/b", "${otherVersion}")`);

/** Docker's two files of a container, in the form of dockerd 20.10. */
const container = (name: string, image: string, host: object): string => {
  const folder = `var/lib/docker/containers/${name}`;
  const [one, other] = [host, { Name: `/${name}`, Config: { Image: image } }].map((of) => JSON.stringify(of));
  return `mountpoint -q var/lib/docker || { mkdir -p var/lib/docker; mount -t tmpfs tmpfs var/lib/docker; }
mkdir -p ${folder}; echo '${one}' >${folder}/hostconfig.json; echo '${other}' >${folder}/config.v2.json`;
};
const plain = { RestartPolicy: { Name: 'no' }, NetworkMode: 'default' };
const task = 'mesos-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';

const contained = (what: string, host: object, kind = 'has rights'): Plant =>
  forbidden(
    `a container with ${what}`,
    'container:helper',
    kind,
    container('helper', 'x:1', { ...plain, ...host }),
  );

/** Drifts that survive a restart: none of these is in the overlay. */
export const lasting: readonly Plant[] = [
  ...['vmlinuz', 'initrd.img'].map((name) =>
    fixed(
      `a byte of ${name} of the running slot`,
      `boot:/a/${name}`,
      'content',
      `printf X | dd of=${esp}/a/${name} bs=1 seek=3 conv=notrunc status=none`,
    ),
  ),
  fixed(
    'an argument in slot.cfg',
    'boot:/a/slot.cfg',
    'content',
    `sed -i 's/loglevel=4/& init=.bin.sh/' ${esp}/a/slot.cfg`,
  ),
  fixed(
    'another hash tree',
    'boot:/a/root.verity',
    'content',
    slots(`put("${esp}/a/root.verity", hash_tree(VERSION, b"another kernel")[0])`),
  ),
  fixed('a deleted initrd', 'boot:/a/initrd.img', 'deleted', `rm ${esp}/a/initrd.img`),
  fixed('a truncated root', 'boot:/a/root.squashfs', 'content', `: >${esp}/a/root.squashfs`),
  fixed('a running slot without slot.cfg', 'boot:/a/slot.cfg', 'deleted', `rm ${esp}/a/slot.cfg`),
  fixed('a kernel of the other slot', 'boot:/b/vmlinuz', 'content', `${otherSlot}; echo x >${esp}/b/vmlinuz`),
  fixed(
    'an argument in slot.cfg of the other slot',
    'boot:/b/slot.cfg',
    'content',
    `${otherSlot}; sed -i 's/loglevel=4/& single/' ${esp}/b/slot.cfg`,
  ),
  fixed(
    'a version of an older ingot',
    'boot:/b/vmlinuz',
    'not proven',
    slots(`make_slot("${esp}/b", "${otherVersion}", salt=bytes(32))`),
  ),
  fixed(
    'an unsigned list',
    'boot:/b/SHA256SUMS.dsse',
    'not signed',
    `${otherSlot}; echo '{}' >${esp}/b/SHA256SUMS.dsse; echo >${esp}/b/SHA256SUMS`,
  ),
  fixed('files in the empty slot', 'boot:/b', 'left over', `echo x >${esp}/b/vmlinuz`),
  fixed(
    'a menu with another argument',
    'boot:/grub/grub.cfg',
    'content',
    `sed -i 's/ingot.slot=/init=.bin.sh &/' ${esp}/grub/grub.cfg`,
  ),
  fixed(
    'a menu of another boot partition',
    'boot:/grub/grub.cfg',
    'content',
    `sed -i 's/1A2B-3C4D/FFFF-0000/' ${esp}/grub/grub.cfg`,
  ),
  fixed('a deleted menu', 'boot:/grub/grub.cfg', 'deleted', `rm ${esp}/grub/grub.cfg`),
  fixed(
    'another slot at the next start',
    'boot:/grub/grubenv',
    'another slot',
    `sed -i s/ingot_slot=a/ingot_slot=b/ ${esp}/grub/grubenv`,
  ),
  fixed(
    'a variable that no ingot sets',
    'boot:/grub/grubenv',
    'content',
    `sed -i 's/ingot_try=$/prefix=xyz/' ${esp}/grub/grubenv`,
  ),
  fixed('a deleted GRUB for UEFI', 'boot:/EFI/BOOT/BOOTX64.EFI', 'deleted', `rm -r ${esp}/EFI`),
  forbidden('an additional file', 'boot:/a/x.efi', 'added', `echo x >${esp}/a/x.efi`),
  forbidden('an additional loader', 'boot:/EFI/debian', 'added', `mkdir ${esp}/EFI/debian`),
  fixed(
    'a boot partition that is not mounted',
    'boot:/',
    'not the partition',
    'sed -i /esp/d proc/1/mountinfo',
  ),
  fixed(
    'a copy instead of the boot partition',
    'boot:/',
    'not the partition',
    'sed -i s:/dev/vda2:/dev/loop7: proc/1/mountinfo',
  ),

  contained('a restart policy', { RestartPolicy: { Name: 'always' } }, 'starts by itself'),
  contained(
    'a restart policy unless stopped',
    { RestartPolicy: { Name: 'unless-stopped' } },
    'starts by itself',
  ),
  contained('all privileges', { Privileged: true }),
  contained('the processes of the node', { PidMode: 'host' }),
  contained('the network of the node', { NetworkMode: 'host' }),
  contained('a capability', { CapAdd: ['SYS_ADMIN'] }),
  contained('a device', { Devices: [{ PathOnHost: '/dev/vda' }] }),
  contained('the whole root', { Binds: ['/:/host'] }),
  contained("Docker's socket", { Binds: ['/var/run/docker.sock:/s'] }),
  contained('a folder of /etc as a mount', {
    Mounts: [{ Type: 'bind', Source: '/srv/../etc/ssh', Target: '/x' }],
  }),
  forbidden(
    'a task of Mesos that starts by itself',
    'container:mesos-*',
    'starts by itself',
    container(task, 'x:1', { RestartPolicy: { Name: 'always' } }),
  ),
  forbidden(
    'a declared container with an additional right',
    'container:exporter',
    'has rights',
    container('exporter', 'registry.example.org/exporter:2', { NetworkMode: 'host', Privileged: true }),
  ),
  forbidden(
    'a declared name with another image',
    'container:exporter',
    'has rights',
    container('exporter', 'evil/exporter:2', { NetworkMode: 'host' }),
  ),
  forbidden(
    'a plugin of Docker',
    'container:plugin evil:latest',
    'starts by itself',
    `${container('helper', 'x:1', plain)}; f=var/lib/docker/plugins/${'ab'.repeat(32)}; mkdir -p $f; echo '{"plugin":{"Name":"evil:latest"}}' >$f/config.json`,
  ),
  forbidden(
    'a swarm',
    'container:swarm',
    'starts by itself',
    `${container('helper', 'x:1', plain)}; mkdir -p var/lib/docker/swarm/worker`,
  ),
];

/** What the data partition and the boot partition may contain. */
export const lastingAllowed: readonly { readonly name: string; readonly plant: string }[] = [
  { name: 'a complete version in the other slot', plant: otherSlot },
  {
    name: 'a node that boots from the network and has no boot partition',
    plant: "sed -i 's/ingot.esp=[^ ]* ingot.slot=a //' proc/cmdline; sed -i /esp/d proc/1/mountinfo",
  },
  {
    name: 'a version that is to be tried',
    plant: `${otherSlot}; sed -i 's/ingot_try=$/ingot_try=b/; s/#$//' ${esp}/grub/grubenv`,
  },
  {
    name: 'a version on trial',
    plant: `sed -i 's/ingot_slot=a/ingot_slot=b/' ${esp}/grub/grubenv; sed -i 's/$/ ingot.trying=1 panic=30/' proc/cmdline`,
  },
  {
    name: 'an update that is being written',
    plant: `echo x >${esp}/b/vmlinuz; echo x >${esp}/b/incoming.json`,
  },
  {
    name: 'an update that begins',
    plant: `echo x >${esp}/b/vmlinuz; touch run/ingot/update.lock; echo "1: FLOCK  ADVISORY  WRITE 99 00:1a:$(stat -c %i run/ingot/update.lock) 0 EOF" >proc/locks`,
  },
  {
    name: 'a task of Mesos with rights from its framework',
    plant: container(task, 'x:1', { ...plain, Privileged: true, NetworkMode: 'host', Binds: ['/etc:/e'] }),
  },
  {
    name: 'an ordinary container and a declared one',
    plant: `${container('helper', 'x:1', { ...plain, Binds: ['data:/x', '/srv/kept:/y'] })}
${container('exporter', 'registry.example.org/exporter:2', { NetworkMode: 'host', RestartPolicy: { Name: 'always' }, Binds: ['/proc:/host/proc:ro'] })}`,
  },
];
