import { fixed, type Plant } from './plant.ts';

/** Drifts of what is the same on every node of a role: programs, packages, configuration. */
export const fixedPlants: readonly Plant[] = [
  fixed('a removed capability', '/usr/bin/ping', 'xattr', 'setcap -r usr/bin/ping'),
  fixed('another extended attribute', '/usr/bin/ls', 'xattr', 'setfattr -n user.note -v x usr/bin/ls'),
  fixed('a changed program', '/usr/bin/ls', 'content', 'echo x >>usr/bin/ls'),
  fixed(
    'changed content of the same size with the old time',
    '/etc/docker/daemon.json',
    'content',
    'printf "[]\\n" >x; touch -r run/ingot/lower/etc/docker/daemon.json x; cat x >etc/docker/daemon.json; touch -r x etc/docker/daemon.json; rm x',
  ),
  fixed('another mode', '/etc/docker/daemon.json', 'mode', 'chmod 0666 etc/docker/daemon.json'),
  fixed('a shadow file that all may read', '/etc/shadow', 'mode', 'chmod 0644 etc/shadow'),
  fixed('another owner', '/usr/bin/dockerd', 'owner', 'chown 990 usr/bin/dockerd'),
  fixed('a deleted file', '/usr/share/doc/a/copyright', 'deleted', 'rm usr/share/doc/a/copyright'),
  fixed('a deleted folder', '/usr/share/doc', 'deleted', 'rm -r usr/share/doc'),
  fixed('a recreated folder', '/usr/share/doc', 'replaced', 'rm -r usr/share/doc; mkdir usr/share/doc'),
  fixed('a file that became a link', '/usr/bin/ls', 'replaced', 'ln -sf /tmp/ls usr/bin/ls'),
  fixed('a link that points elsewhere', '/etc/localtime', 'target', 'ln -sfn /tmp/zone etc/localtime'),
  fixed('an added file', '/usr/bin/nc', 'added', 'echo x >usr/bin/nc'),
  fixed('an added empty folder', '/usr/share/new', 'added', 'mkdir usr/share/new'),
  fixed('an added hidden file', '/usr/lib/.../x', 'added', 'mkdir usr/lib/...; echo x >usr/lib/.../x'),
  fixed(
    'a package',
    'package:netcat:amd64',
    'added',
    'printf "\\nPackage: netcat\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1\\n" >>var/lib/dpkg/status',
  ),
  fixed(
    'another version of a package',
    'package:sudo:amd64',
    'changed',
    'sed -i "s/^Version: 1.9/Version: 1.8/" var/lib/dpkg/status',
  ),
  fixed(
    'a file in the database of dpkg',
    '/var/lib/dpkg/info/x.list',
    'added',
    'echo x >var/lib/dpkg/info/x.list',
  ),
  fixed(
    'another configuration of the agent',
    '/etc/mesos-slave/containerizers',
    'content',
    'echo mesos >etc/mesos-slave/containerizers',
  ),
  fixed(
    'an added flag of the agent',
    '/etc/mesos-slave/no-such-flag',
    'added',
    'echo x >etc/mesos-slave/no-such-flag',
  ),
  fixed(
    'changed declarations of ingot-drift',
    '/usr/lib/ingot/drift.d/10-files.conf',
    'content',
    'echo "state ** # all is well" >usr/lib/ingot/drift.d/10-files.conf',
  ),
];
