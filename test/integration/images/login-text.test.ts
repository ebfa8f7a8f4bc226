import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { project } from '../built-ingot.ts';

const script = join(project, 'images/common/rootfs/usr/lib/ingot/compose.d/55-login-text');

/** The session rules of Debian's openssh-server, shortened. */
const debian = `@include common-session

# Print the message of the day upon successful login.
# This includes a dynamically generated part from /run/motd.dynamic
# and a static (admin-editable) part from /etc/motd.
session    optional     pam_motd.so  motd=/run/motd.dynamic
session    optional     pam_motd.so noupdate

# Set up user limits from /etc/security/limits.conf.
session    required     pam_limits.so
`;

it('an ssh connection runs no script of update-motd.d; all other rules of PAM stay', async () => {
  const file = join(await temporaryFolder(), 'sshd');
  await writeFile(file, debian);
  const inside =
    'mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work overlay /etc; mkdir -p /etc/pam.d; cp "$1" /etc/pam.d/sshd; sh "$2" && cat /etc/pam.d/sshd';
  const run = spawnSync('unshare', ['--mount', 'sh', '-c', inside, 'sh', file, script], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout.split('\n').filter(Boolean)).toEqual([
    '@include common-session',
    '# Set up user limits from /etc/security/limits.conf.',
    'session    required     pam_limits.so',
  ]);
});
