import { readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FolderServer, serveFolder } from '../../src/host/serve-folder.ts';
import { bakeOnce, runKey, storeFolder } from './baked-store.ts';
import { changedVersion, place, unpackRoot } from './changed-version.ts';
import { LastingNode } from './lasting-node.ts';

const folder = join(inject('e2eFolder'), 'broken-update');
const served = join(folder, 'served');

// Refused, tried, confirmed and rejected versions are tested in every run: updates.node.test.ts.
describe('a node with a disk', () => {
  let node: LastingNode;
  let server: FolderServer;
  /** Versions: the one of the bake, and one with an additional file. */
  let [first, second] = ['', ''];
  const url = (version: string): string =>
    `http://${LastingNode.hostAddress}:${new URL(server.url).port}/${version}`;

  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
    first = readlinkSync(join(storeFolder, 'slave', 'latest'));
    const baked = join(storeFolder, 'slave', first);
    node = await LastingNode.of(join(baked, 'disk.qcow2'), folder, runKey());
    await node.start('bios');
    const tree = join(folder, 'tree');
    await unpackRoot(baked, tree);
    place(tree, 'usr/share/ingot/second', 'This is the second version.\n');
    second = basename(await changedVersion(baked, tree, served, runKey()));
    rmSync(tree, { recursive: true });
    server = await serveFolder(served);
  });
  afterAll(async () => {
    await node.remove();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('still runs its version after the power failed while the next one was being written', async () => {
    await node.answers(first);
    const update = node.ask(`ingot-update ${url(second)} 2>&1`, (line) => {
      // The root is written next; it takes the longest by far.
      if (line.startsWith('root.verity: ')) void node.cutPower();
    });
    expect((await update).stdout).toContain('signature valid');
    await node.cutPower();
    // Not by UEFI: its firmware hung once at a restart under emulation.
    await node.start('bios');
    await node.answers(first);
    const status = await node.ask('ingot-update --status');
    expect(status.stdout).toContain(`running     slot a: ${first}, settled`);
    expect(status.stdout).toContain('other       slot b: a part of a version');
  });

  it('falls back by itself from a root that was altered on the disk after it had been verified', async () => {
    const mark = node.mark;
    const update = await node.ask(`ingot-update --no-reboot ${url(second)}`);
    expect(update.exitCode, update.stderr).toBe(0);
    // The time of the file system: only the hash tree detects such a change. Then a restart without a shutdown
    // (proc(5), sysrq-trigger).
    const restart = node.ask(`mount -o remount,rw /run/ingot/esp
      byte=$(od -An -tu1 -j8 -N1 /run/ingot/esp/b/root.squashfs)
      printf "\\\\$(printf %03o $((byte ^ 1)))" | dd of=/run/ingot/esp/b/root.squashfs bs=1 seek=8 conv=notrunc
      mount -o remount,ro /run/ingot/esp
      echo b >/proc/sysrq-trigger`);
    await node.shows(/refusing to boot: the root/, mark);
    await restart;
    const said = await node.shows(
      /version \S+ in slot b failed: it stopped before its health was checked/,
      mark,
    );
    expect(said).toContain(`version ${second} in`);
    expect(said).toContain(`${first} runs again`);
  });
});
