import { generatedNetwork } from './generated-network.ts';

/** Changes that a node makes itself, or that an operator may make: none of them is drift. */
export const allowed: readonly { readonly name: string; readonly plant: string }[] = [
  {
    name: 'a machine that boots from the network',
    plant:
      'mkdir -p run/systemd/network etc/cloud/cloud.cfg.d; echo x >run/systemd/network/05-ingot-netboot.network; echo x >etc/cloud/cloud.cfg.d/90-ingot-netboot.cfg; sed -i "s|^|vmlinuz |; s|$| ip=dhcp BOOTIF=01-52-54-00-00-00-01 ds=nocloud-net;s=http://10.0.0.1/|" proc/cmdline; ' +
      generatedNetwork(''),
  },
  {
    name: 'a full disk: a host key and a machine-id only for this boot',
    plant:
      'rm var/lib/ingot/state/machine-id; echo 0123456789abcdef0123456789abcdef >etc/machine-id; mkdir -p etc/ssh/sshd_config.d; echo x >etc/ssh/sshd_config.d/05-ingot-memory.conf',
  },
  { name: 'nothing', plant: ':' },
  {
    name: 'logs and transient files',
    plant:
      'echo x >var/log/x; mkdir -p tmp/d var/lib/cloud/instance; echo x >tmp/d/x; echo x >var/lib/cloud/instance/x',
  },
  {
    name: 'a file that was rewritten with the same content',
    plant: 'cp usr/bin/dockerd x; cat x >usr/bin/dockerd; rm x; touch -d 2001-01-01 usr/bin/dockerd',
  },
  { name: 'a set-uid program that was touched', plant: 'touch usr/bin/sudo usr/bin/ping' },
  { name: 'a file that was created and removed', plant: 'echo x >etc/x; rm etc/x; mkdir etc/y; rmdir etc/y' },
  {
    name: "Docker's key and the folders of containerd",
    plant: 'echo x >etc/docker/key.json; mkdir -p opt/containerd/bin var/lib/containerd/x',
  },
  {
    name: 'a container that listens',
    plant:
      'echo "   1: 00000000:115C 00000000:0000 0A 0:0 0:0 0 0 0 501 1" >>proc/1/net/tcp; ln -s "socket:[501]" proc/200/fd/0',
  },
  {
    name: 'a task of the agent',
    plant: 'mkdir -p proc/304/fd; ln -s /var/lib/mesos/slaves/s/x proc/304/exe',
  },
  {
    name: 'a user who is logged in',
    plant:
      'mkdir -p run/systemd/transient; echo x >run/systemd/transient/session-3.scope; echo "ls" >home/ops/.bash_history',
  },
  {
    name: 'units that are enabled or declared, and their dependencies',
    plant:
      'mkdir -p run/systemd/generator; cd run/systemd/generator; touch containerd.service helper.socket; cd -; printf "%s\n" "ssh.service multi-user.target" "getty@tty1.service getty.target" "user@1000.service" "containerd.service docker.service multi-user.target" "helper.socket containerd.service" >run/active',
  },
  {
    name: 'a unit that the boot has yet to start',
    plant:
      'echo "docker.service inactive yes /lib/systemd/system/docker.service" >run/units; echo "docker.service multi-user.target" >run/jobs',
  },
  {
    name: 'a unit whose condition is not met',
    plant: 'echo "docker.service inactive no /lib/systemd/system/docker.service" >run/units',
  },
];
