import { describe, expect, it } from 'vitest';
import { consoleCause, sshCause } from '../../../src/vm/boot-cause.ts';

describe('a node that does not come up', () => {
  it.each([
    ['ingot: refusing to boot: wrong hash', 'the initrd refused to boot: wrong hash'],
    [
      '[    2.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
      'its kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)',
    ],
    ['You are in emergency mode. After logging in, type', 'systemd gave up and is in emergency mode'],
    ['No bootable device.', 'the firmware finds nothing to boot on its disk'],
    ['grub rescue>', 'GRUB does not find its own files'],
  ])('is given up at once with its cause: %s', (line, what) => {
    expect(consoleCause(['[ 1.0] before', line, 'after'])).toEqual({ what, final: true });
  });

  it('shows why it does not join its cluster, which is in the next line', () => {
    const lines = ['ingot: THIS NODE DOES NOT JOIN THE CLUSTER', 'ingot: the seed is not signed, and more'];
    expect(consoleCause(lines)?.what).toBe(
      'the node does not join its cluster: the seed is not signed, and more',
    );
  });

  it.each([
    ['Out of memory: Killed process 312 (java) total-vm:1', 'its memory is full, and the kernel killed java'],
    ['[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.', 'ssh.service failed to start'],
    ["error: file `/a/vmlinuz' not found.", "GRUB says: file `/a/vmlinuz' not found"],
  ])('may still come up after: %s', (line, what) => {
    expect(consoleCause([line])).toEqual({ what, final: false });
  });

  it('has the cause that stops a boot, not one that came before it', () => {
    const lines = ['Failed to start a.service - A.', 'Kernel panic - not syncing: Attempted to kill init!'];
    expect(consoleCause(lines)?.what).toBe('its kernel panicked: Attempted to kill init!');
  });

  it('is not explained by a console without a sign', () => {
    expect(consoleCause([])).toBeUndefined();
    expect(consoleCause(['[  OK  ] Started ssh.service'])).toBeUndefined();
  });

  it.each([
    ['ops@127.0.0.1: Permission denied (publickey).', /refuses the key/],
    [
      'kex_exchange_identification: read: Connection reset by peer',
      /no address yet, or its sshd does not listen/,
    ],
    ['ssh: connect to host 127.0.0.1 port 2222: Connection refused', /QEMU has ended/],
    ['Connection timed out during banner exchange', /does not answer/],
    ['something new', /^ssh says: something new$/],
  ])('is explained by the last message of ssh: %s', (line, what) => {
    expect(sshCause(`a line before\n${line}\n`)).toMatch(what);
  });

  it('is not explained without a message of ssh', () => {
    expect(sshCause('')).toBeUndefined();
  });
});
