import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';

const script = fileURLToPath(
  new URL(
    '../../../images/common/rootfs/usr/share/initramfs-tools/scripts/init-bottom/ingot-udev',
    import.meta.url,
  ),
);

it("runs after the initrd's own script that stops udev", () => {
  expect(spawnSync(script, ['prereqs'], { encoding: 'utf8' }).stdout).toBe('udev\n');
});

it('ends and reports a udevd of the initrd that is still running, and nothing else; a process may end meanwhile', async () => {
  const tree = new NodeTree();
  onTestFinished(() => {
    tree.remove();
  });
  const start = () => {
    const child = spawn('sleep', ['1000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const [stayed, other] = [start(), start()];
  tree.write(`proc/${stayed.pid ?? 0}/comm`, 'systemd-udevd\n');
  tree.write(`proc/${other.pid ?? 0}/comm`, 'init\n');
  tree.write('proc/4000000/comm', '(udev-worker)\n');
  tree.write('proc/4000001/stat', '');
  const ended = once(stayed, 'exit');
  const done = spawnSync(script, [], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], INGOT_PROC: join(tree.folder, 'proc') },
  });
  expect(done.stdout).toContain(`ingot: ${stayed.pid ?? 0} (systemd-udevd) of the initrd did not exit`);
  expect(done.status).toBe(0);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(other.exitCode).toBeNull();
});
