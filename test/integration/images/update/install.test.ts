import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signingKey, signVersion } from '../../../samples/signed-version.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { inSlot, makeVersion, next, running, UpdateNode, type UpdateRun } from './update-node.ts';

const key = signingKey();
const settled = { ingot_slot: 'a', ingot_try: '', ingot_tried: '' };

let node: UpdateNode;
let before: Record<string, string>;
beforeEach(() => {
  node = new UpdateNode(key);
  before = node.slot('a');
});
afterEach(() => {
  // In every case the running version is unchanged.
  expect(node.slot('a')).toEqual(before);
  node.tree.remove();
});

/** Checks a refusal: the reason is shown and recorded, and only the running version can boot. */
function expectRefusal(ran: UpdateRun, reason: string): void {
  expect(ran.stderr).toContain(reason);
  expect(ran.exitCode).toBe(1);
  expect(node.chosen()).toEqual(settled);
  expect(node.slot('b')).not.toHaveProperty('slot.cfg');
  expect(JSON.stringify(node.last())).toContain(JSON.stringify(reason).slice(1, -1));
}

describe('a signed version', () => {
  it('is written into the other slot, verified, and tried at the next start', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    const ran = await node.update(folder);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(node.slot('b')).toEqual(inSlot(folder));
    expect(node.chosen()).toEqual({ ...settled, ingot_try: 'b' });
    expect(node.last()).toMatchObject({ what: 'written', version: next, slot: 'b', from: folder });
    expect(ran.stderr).toMatch(
      /root\.squashfs: 12288 bytes in \d+ s, digest correct\nroot verified, root hash/,
    );
    const status = await node.update('--status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'settled',
      running: { slot: 'a', version: running },
      other: { slot: 'b', version: next, triedNext: true },
    });
  });

  it('that is already in the other slot is verified again, but not fetched', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    await node.update(folder);
    const again = await node.update(folder);
    expect(again.stderr).toContain('root.squashfs: already in the slot');
    expect(again.exitCode).toBe(0);
    expect(node.chosen()).toEqual({ ...settled, ingot_try: 'b' });
  });

  it('that is already running changes nothing', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key, version: running });
    const ran = await node.update(folder);
    expect(ran.stderr).toContain(`${running} is already running: nothing to do`);
    expect(ran.exitCode).toBe(0);
    expect(node.chosen()).toEqual(settled);
  });

  it('replaces the other version in the slot completely', async () => {
    node.tree.write('/run/ingot/esp/b/root.squashfs', 'x'.repeat(99_999));
    node.tree.write('/run/ingot/esp/b/slot.cfg', 'set ingot_version=20261119-cccccccccccc\n');
    node.environment({ ...settled, ingot_tried: 'b' });
    const folder = await makeVersion(await temporaryFolder(), { key });
    expect((await node.update(folder)).exitCode).toBe(0);
    expect(node.slot('b')).toEqual(inSlot(folder));
    expect(node.chosen()).toEqual({ ...settled, ingot_try: 'b' });
  });

  it('is refused for another role, and needs an option if it is older', async () => {
    const master = await makeVersion(await temporaryFolder(), { key, role: 'master' });
    expectRefusal(await node.update(master), 'is a master, and this node is a slave');
    const origin = { date: '2026-11-20T09:59:59Z' };
    const old = await makeVersion(await temporaryFolder(), { key, version: '20261120-dddddddddddd', origin });
    expectRefusal(await node.update(old), `is older than the running ${running}`);
    expect((await node.update(old, '--allow-older')).exitCode).toBe(0);
  });

  it('that failed here before needs an option', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    node.tree.write(
      '/var/lib/ingot/state/update/failed.json',
      JSON.stringify({ [next]: { when: '2026-11-24T00:00:00Z', why: 'docker.service failed' } }),
    );
    expectRefusal(await node.update(folder), 'docker.service failed');
    expect((await node.update(folder, '--again')).exitCode).toBe(0);
  });

  it('is refused while the running version is on trial, and accepted after that is confirmed', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    node.boots(`ingot.slot=a ingot.trying=1 ingot.version=${running}`);
    node.environment({ ingot_slot: 'b', ingot_try: '', ingot_tried: 'a' });
    expect((await node.update(folder)).stderr).toContain(
      'is itself on trial, and the other slot is its fallback',
    );
    expect(node.slot('b')).toEqual({});
    node.environment(settled);
    expect((await node.update(folder)).exitCode).toBe(0);
  });
});

describe('what is not trusted', () => {
  it.each<[string, (folder: string) => void, string]>([
    [
      'without a signature',
      (folder) => {
        rmSync(join(folder, 'SHA256SUMS.dsse'));
      },
      'is not a signed version',
    ],
    [
      'signed with another key',
      (folder) => {
        signVersion(folder, signingKey());
      },
      'signed with another key',
    ],
    [
      'signed as something else',
      (folder) => {
        signVersion(folder, key, 'text/plain');
      },
      'is not a signed envelope of',
    ],
    [
      'with a file of another signed version',
      (folder) => {
        writeFileSync(join(folder, 'vmlinuz'), 'of another version');
      },
      'vmlinuz is not the file that was signed',
    ],
    [
      'with rewritten sums',
      (folder) => {
        writeFileSync(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  vmlinuz\n`);
      },
      'SHA256SUMS is not the list that was signed',
    ],
    [
      'with a missing file',
      (folder) => {
        rmSync(join(folder, 'initrd.img'));
      },
      'has no initrd.img',
    ],
    [
      'with the root hash of another root, although it is signed',
      (folder) => {
        for (const name of ['boot.json', 'slot.cfg']) {
          const text = readFileSync(join(folder, name), 'utf8');
          writeFileSync(join(folder, name), text.replace(/[0-9a-f]{64}/, 'ab'.repeat(32)));
        }
        signVersion(folder, key);
      },
      'does not have the root hash',
    ],
  ])('a version %s is refused', async (_, harm, reason) => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    harm(folder);
    expectRefusal(await node.update(folder), reason);
  });

  it('an image without keys trusts nothing, and reports how to change that', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    rmSync(join(node.tree.folder, 'usr/lib/ingot/update-keys'), { recursive: true });
    expectRefusal(await node.update(folder), 'this image has no update keys');
  });

  it('a version with any single altered byte is refused before anything is booted', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    const names = Object.keys(inSlot(folder));
    const altered = join(await temporaryFolder(), next);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (name, place, change) => {
          cpSync(folder, altered, { recursive: true });
          node.environment(settled);
          rmSync(join(node.tree.folder, 'run/ingot/esp/b'), { recursive: true, force: true });
          mkdirSync(join(node.tree.folder, 'run/ingot/esp/b'));
          const bytes = readFileSync(join(folder, name));
          const at = Math.floor(place * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ change;
          writeFileSync(join(altered, name), bytes);
          const ran = await node.update(altered);
          expect(ran.exitCode, `${name}, byte ${at}, ^ ${change}: ${ran.stderr}`).toBe(1);
          expect(ran.stderr).not.toContain('Traceback');
          expect(node.chosen()).toEqual(settled);
          expect(node.slot('b')).not.toHaveProperty('slot.cfg');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an interrupted update', () => {
  it('leaves the running version as the one that GRUB boots, and the next run completes, also after a restart', async () => {
    const folder = await makeVersion(await temporaryFolder(), { key });
    const whole = inSlot(folder);
    const cut = async (bytes: number): Promise<UpdateRun> => {
      const ran = await node.updateCutAt(bytes, folder);
      expect(ran.stderr).not.toContain('Traceback');
      return ran;
    };
    expect((await cut(1e9)).exitCode).toBe(0);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 26_000 }), fc.boolean(), async (bytes, restarted) => {
        rmSync(join(node.tree.folder, 'run/ingot/esp/b'), { recursive: true });
        node.environment({ ...settled, ingot_tried: 'b' });
        const ran = await cut(bytes);
        expect(node.slot('a')).toEqual(before);
        const { ingot_slot: slot, ingot_try: tried } = node.chosen();
        expect(slot).toBe('a');
        // A slot that GRUB could boot is complete, and only a complete one is tried.
        if (tried === 'b' || 'slot.cfg' in otherSlot()) expect(otherSlot()).toMatchObject(whole);
        if (ran.exitCode === 0) expect(tried).toBe('b');
        else expect(ran.exitCode).toBe(77);
        if (restarted) node.boots(`ingot.slot=a ingot.version=${running}`);
        const again = await node.update(folder);
        expect(again.exitCode, again.stderr).toBe(0);
        expect(node.slot('b')).toEqual(whole);
        expect(node.chosen()).toEqual({ ...settled, ingot_try: 'b' });
      }),
      { numRuns: 40 },
    );
  });

  const otherSlot = (): Record<string, string> => {
    try {
      return node.slot('b');
    } catch {
      return {}; // the folder was not created yet
    }
  };
});
