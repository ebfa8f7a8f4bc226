import { cpSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FolderServer, serveFolder } from '../../src/host/serve-folder.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { renderFrom } from '../../src/render/templates.ts';
import { newKeyPair, parsePrivateKey } from '../../src/version/keys.ts';
import { bakeOnce, runKey, storeFolder } from './baked-store.ts';
import { changedVersion, place, signedCopy, unpackRoot } from './changed-version.ts';
import { project } from './ingot-process.ts';
import { lastingDrifts } from './lasting-drifts.ts';
import { LastingNode } from './lasting-node.ts';
import { plantAll, plantedDrifts } from './planted-drifts.ts';

const folder = join(inject('e2eFolder'), 'updates');
const served = join(folder, 'served');
const units = 'usr/lib/systemd/system';

/** A unit that fails at each start, and the shortest time for a trial that a spec accepts. */
async function spoil(tree: string): Promise<void> {
  const unit = [
    ...['[Unit]', 'Description=Never healthy', 'DefaultDependencies=no'],
    ...['[Service]', 'Type=oneshot', 'ExecStart=/bin/false', ''],
  ];
  place(tree, `${units}/never-healthy.service`, unit.join('\n'));
  const wanted = join(tree, units, 'sysinit.target.wants');
  mkdirSync(wanted, { recursive: true });
  symlinkSync('../never-healthy.service', join(wanted, 'never-healthy.service'));
  const templates = await loadTemplates(join(project, 'templates'));
  const deadline = renderFrom(templates, 'node/trial-deadline.conf.hbs', { confirmMinutes: 2 });
  place(tree, `${units}/ingot-trial-deadline.timer.d/10-spec.conf`, deadline);
}

/** Prints something else after any write to the boot partition. */
const printsWhatIsWritten =
  'ls -lR /run/ingot/esp/b; sha256sum /run/ingot/esp/grub/grubenv; findmnt -no OPTIONS /run/ingot/esp';

/** A line of `ingot-drift --json` after the first. */
const readDrift = (line: string) =>
  JSON.parse(line) as { readonly path: string; readonly kind: string; readonly hint: string };

async function expectNoDrift(node: LastingNode): Promise<void> {
  const { exitCode, stdout, stderr } = await node.ask('ingot-drift --json');
  expect([exitCode, ...stdout.trim().split('\n').slice(1)], stderr).toEqual([0]);
}

describe('a node with a disk', () => {
  let node: LastingNode;
  let server: FolderServer;
  /**
   * Versions: the one of the bake; one with an additional file; one with a unit that fails; one signed by somebody
   * else.
   */
  let [first, healthy, sick, strange] = ['', '', '', ''];
  const url = (version: string): string =>
    `http://${LastingNode.hostAddress}:${new URL(server.url).port}/${version}`;

  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
    first = readlinkSync(join(storeFolder, 'slave', 'latest'));
    const baked = join(storeFolder, 'slave', first);
    node = await LastingNode.of(join(baked, 'disk.qcow2'), folder, runKey());
    await node.start('bios');

    const key = runKey();
    const tree = join(folder, 'tree');
    await unpackRoot(baked, tree);
    place(tree, 'usr/share/ingot/second', 'This is the second version.\n');
    const second = await changedVersion(baked, tree, served, key);
    await spoil(tree);
    const third = await changedVersion(second, tree, served, key);
    rmSync(tree, { recursive: true });
    const stranger = parsePrivateKey(newKeyPair().privatePem, 'a key of this test');
    const other = await signedCopy(
      second,
      served,
      { version: `${first.slice(0, 8)}-555555555555` },
      stranger,
    );
    [healthy, sick, strange] = [basename(second), basename(third), basename(other)];

    cpSync(second, join(served, 'altered'), { recursive: true });
    const record = readFileSync(join(second, 'boot.json'), 'utf8');
    place(served, 'altered/boot.json', record.replace(healthy, strange));
    server = await serveFolder(served);
  });
  afterAll(async () => {
    await node.remove();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a version that was altered or signed with another key, before it writes anything', async () => {
    await node.answers(first);
    const before = await node.ask(printsWhatIsWritten);
    expect(before.stdout).toMatch(/^ro,/m);
    const altered = await node.ask(`ingot-update ${url('altered')}`);
    expect(altered.stderr).toContain('boot.json is not the file that was signed');
    expect(altered.exitCode).toBe(1);
    const stranger = await node.ask(`ingot-update ${url(strange)}`);
    expect(stranger.stderr).toContain('signed with another key');
    expect(stranger.exitCode).toBe(1);
    expect(await node.ask(printsWhatIsWritten)).toEqual(before);
  });

  it('reports drift that survives a restart: a changed byte of the initrd or the kernel, another menu, a container that starts by itself', async () => {
    await expectNoDrift(node);
    for (const { path, kind, plant, undo } of lastingDrifts) {
      const planted = await node.ask(plant);
      expect(planted.exitCode, planted.stderr).toBe(0);
      const { exitCode, stdout } = await node.ask('ingot-drift --json');
      const [, ...found] = stdout.trim().split('\n').map(readDrift);
      expect([exitCode, ...found.map((drift) => `${drift.path} ${drift.kind}`)]).toEqual([
        3,
        `${path} ${kind}`,
      ]);
      await node.ask(undo);
    }
  });

  it('has no drift at first, and then reports every planted drift, with an explanation', async () => {
    await expectNoDrift(node);
    const planted = await node.ask(plantAll);
    expect(planted.exitCode, planted.stderr).toBe(0);
    const { exitCode, stdout } = await node.ask('ingot-drift --json');
    expect(exitCode, stdout).toBe(3);
    const [, ...found] = stdout.trim().split('\n').map(readDrift);
    const missed = plantedDrifts.filter(
      ({ path, kind }) => !found.some((drift) => drift.path === path && drift.kind === kind),
    );
    if (missed.length > 0) process.stderr.write(stdout);
    expect(missed.map(({ name }) => name)).toEqual([]);
    for (const drift of found) expect(drift).toMatchObject({ hint: expect.stringMatching(/\S/) as string });
    process.stderr.write(`    ${plantedDrifts.length} planted, all found among ${found.length}\n`);
  });

  it('tries a signed version, finds it healthy and confirms it; the planted drift is gone', async () => {
    const mark = node.mark;
    const update = await node.ask(`ingot-update ${url(healthy)}`);
    expect(update.stderr).toContain(`${healthy} is in slot b, verified; the next start tries it once`);
    await node.shows(new RegExp(`${healthy} is healthy and confirmed: slot b boots from now on`), mark);
    expect(node.console(mark)).toContain(`slot b, ingot-slave-${healthy} ingot.trying=1`);
    const status = await node.ask('ingot-update --status; cat /usr/share/ingot/second');
    expect(status.stdout).toContain(`running     slot b: ${healthy}, settled`);
    expect(status.stdout).toContain('This is the second version.');
    await expectNoDrift(node);
  });

  it('falls back by itself from a version that does not become healthy in time, and reports why', async () => {
    const mark = node.mark;
    const update = await node.ask(`ingot-update ${url(sick)}`);
    expect(update.stderr).toContain(`${sick} is in slot a, verified`);
    await node.shows(new RegExp(`${sick} did not become healthy in time: .*never-healthy`), mark);
    const said = await node.shows(/version \S+ in slot a failed: .*never-healthy/, mark);
    expect(said).toContain(`${healthy} runs again`);
    await node.answers(healthy);
    const login = await node.ask('run-parts /etc/update-motd.d');
    expect(said).toContain(login.stdout.trim().split('\n').at(-1));
    const status = await node.ask('ingot-update --status');
    expect(status.stdout).toContain(`running     slot b: ${healthy}, settled`);
    expect(status.stdout).toContain(`other       slot a: ${sick}, failed its trial`);
    expect(status.stdout).toMatch(/^last .*never-healthy/m);
    const again = await node.ask(`ingot-update ${url(sick)}`);
    expect(again.stderr).toContain(`${sick} did not become healthy on this node`);
    expect(again.exitCode).toBe(1);
  });

  it('takes that version again with --again, and does not write what is already there', async () => {
    const update = await node.ask(`ingot-update --again --no-reboot ${url(sick)}`);
    expect(update.stderr).toContain('root.squashfs: already in the slot');
    expect(update.exitCode, update.stderr).toBe(0);
  });
});
