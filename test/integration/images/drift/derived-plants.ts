import { generatedNetwork } from './generated-network.ts';
import { derived, type Plant } from './plant.ts';

/** Drifts of what a node derives from its seed and its machine. */
export const derivedPlants: readonly Plant[] = [
  derived(
    'another address of a master',
    '/etc/mesos/zk',
    'content',
    'echo zk://10.0.0.66:2181/mesos >etc/mesos/zk',
  ),
  derived(
    'a line in the table of hosts',
    '/etc/hosts',
    'content',
    'echo "10.0.0.66 mirror.example" >>etc/hosts',
  ),
  derived('another host name', '/etc/hostname', 'content', 'echo other >etc/hostname'),
  derived('a deleted derived file', '/etc/mesos-slave/ip', 'deleted', 'rm etc/mesos-slave/ip'),
  derived(
    'other attributes',
    '/etc/mesos-slave/attributes',
    'content',
    'echo rack:r2 >etc/mesos-slave/attributes',
  ),
  derived(
    'a derived file that other users may write',
    '/etc/mesos-slave/ip',
    'mode',
    'chmod 0666 etc/mesos-slave/ip',
  ),
  derived(
    'a derived file outside the overlay',
    '/run/ingot/address',
    'content',
    'echo 10.0.0.66 >run/ingot/address',
  ),
  derived(
    'a network of the kernel arguments with additional settings',
    '/run/systemd/network/91-default.network',
    'content',
    `sed -i 's/$/ ip=dhcp/' proc/cmdline; ${generatedNetwork('UseDNS=no\\n')}`,
  ),
  derived(
    'a network of kernel arguments that are not set',
    '/run/systemd/network/91-default.network',
    'added',
    generatedNetwork(''),
  ),
  derived('another seed', '/etc/ingot/cluster.json', 'content', 'sed -i s/r1/r9/ etc/ingot/cluster.json'),
  derived('another machine-id', '/etc/machine-id', 'content', `echo ${'cd'.repeat(16)} >etc/machine-id`),
  derived(
    'an additional key of ops',
    '/home/ops/.ssh/authorized_keys',
    'content',
    'echo "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC0 x@y" >>home/ops/.ssh/authorized_keys',
  ),
  derived(
    'a command before the key of ops',
    '/home/ops/.ssh/authorized_keys',
    'content',
    `sed -i 's/^/command="x" /' home/ops/.ssh/authorized_keys`,
  ),
  derived(
    'a network that runs a tunnel',
    '/etc/systemd/network/10-cloud-init-cluster0.network',
    'content',
    'echo "Tunnel=t0" >>etc/systemd/network/10-cloud-init-cluster0.network',
  ),
  derived(
    'changed content of a file of the seed',
    '/etc/ssl/site-ca.pem',
    'content',
    'echo another certificate >etc/ssl/site-ca.pem',
  ),
  derived(
    'a program of the seed that other users may write',
    '/usr/local/bin/fetch-secret',
    'mode',
    'chmod 0757 usr/local/bin/fetch-secret',
  ),
  derived('a deleted file of the seed', '/etc/ssl/site-ca.pem', 'deleted', 'rm etc/ssl/site-ca.pem'),
];
