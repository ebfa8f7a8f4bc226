import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signingKey } from '../../../samples/signed-version.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { makeVersion, next, runningDate, UpdateNode, type VersionWanted } from './update-node.ts';

const key = signingKey();
const settled = { ingot_slot: 'a', ingot_try: '', ingot_tried: '' };

let node: UpdateNode;
beforeEach(() => {
  node = new UpdateNode(key);
});
afterEach(() => {
  node.tree.remove();
});

const versionOf = async (wanted: VersionWanted = {}): Promise<string> =>
  makeVersion(await temporaryFolder(), { key, ...wanted });

/** Checks that a version is refused with this reason before anything is written, and accepted with the option. */
async function refusedWithout(option: readonly string[], folder: string, reason: RegExp): Promise<void> {
  const refused = await node.update(folder);
  expect(refused.stderr).toMatch(reason);
  expect(refused.exitCode).toBe(1);
  expect(node.slot('b')).toEqual({});
  expect(node.chosen()).toEqual(settled);
  if (option.length === 0) return;
  const taken = await node.update(folder, ...option);
  expect(taken.exitCode, taken.stderr).toBe(0);
  expect(node.chosen()).toEqual({ ...settled, ingot_try: 'b' });
}

describe('only the requested version is accepted', () => {
  it('another signed version with its name is refused', async () => {
    const folder = await versionOf();
    const renamed = join(dirname(folder), '20261130-cccccccccccc');
    renameSync(folder, renamed);
    await refusedWithout([], renamed, /holds 20261124-bbbbbbbbbbbb, but 20261130-cccccccccccc was requested/);
  });

  it('latest is reported as the version that it leads to', async () => {
    const folder = await versionOf();
    const latest = join(dirname(folder), 'latest');
    renameSync(folder, latest);
    const ran = await node.update(latest);
    expect(ran.stderr).toContain(`${latest} is ${next}\n`);
    expect(ran.exitCode, ran.stderr).toBe(0);
  });

  it('latest is refused if it leads to a folder with another name', async () => {
    const folder = await versionOf();
    const renamed = join(dirname(folder), '20261130-cccccccccccc');
    renameSync(folder, renamed);
    symlinkSync(renamed, join(dirname(folder), 'latest'));
    await refusedWithout([], join(dirname(folder), 'latest'), /20261130-cccccccccccc was requested/);
  });

  it('a folder with any other name needs the version’s name', async () => {
    const folder = await versionOf();
    const copy = join(dirname(folder), 'copy');
    renameSync(folder, copy);
    const other = await node.update(copy, '--expect', '20261130-cccccccccccc');
    expect(other.stderr).toContain('20261130-cccccccccccc was requested');
    await refusedWithout(
      ['--expect', next],
      copy,
      /20261124-bbbbbbbbbbbb may not be the version that you want/,
    );
  });
});

describe('a version that does not suit this node', () => {
  it('is one of another cluster, even with a signature of the same key', async () => {
    const folder = await versionOf({ origin: { cluster: 'staging' } });
    await refusedWithout(
      ['--of-cluster', 'staging'],
      folder,
      /was baked for the cluster staging, and this node is in demo/,
    );
  });

  it('can be any version if no seed names the cluster', async () => {
    rmSync(join(node.tree.folder, 'etc/ingot/cluster.json'));
    await refusedWithout(['--of-cluster', 'demo'], await versionOf(), /has no seed that names its cluster/);
  });

  it('is one with stand-ins if the running version is for production', async () => {
    node.release({ production: true });
    await refusedWithout(
      ['--not-for-production'],
      await versionOf(),
      /not for production, but the running version is/,
    );
  });

  it.each(['architecture', 'layout'])('is one of another %s', async (what) => {
    const folder = await versionOf({ origin: { [what]: 'other' } });
    await refusedWithout([], folder, new RegExp(`has the ${what} other, and this node`));
  });
});

describe('an older version', () => {
  it('is one with a lock that is older by a second', async () => {
    const folder = await versionOf({ origin: { date: '2026-11-20T09:59:59Z' } });
    await refusedWithout(
      ['--allow-older'],
      folder,
      /its lock is from 2026-11-20T09:59:59Z, the running one from 2026-11-20T10:00:00Z/,
    );
  });

  it('is one with the same lock that was published before the running one', async () => {
    const origin = { date: runningDate };
    node.tree.write('/run/ingot/esp/a/checks.json', JSON.stringify({ published: '2026-11-20T12:00:00Z' }));
    const folder = await versionOf({ origin, published: '2026-11-20T11:59:59Z' });
    await refusedWithout(['--allow-older'], folder, /both have the same lock, but it was published at/);
  });

  it('is not one with the same lock that was published later', async () => {
    node.tree.write('/run/ingot/esp/a/checks.json', JSON.stringify({ published: '2026-11-20T12:00:00Z' }));
    const folder = await versionOf({ origin: { date: runningDate }, published: '2026-11-20T12:00:01Z' });
    expect((await node.update(folder)).exitCode).toBe(0);
  });

  it('is also one whose boot.json has no date, as in old versions', async () => {
    const folder = await versionOf({ origin: null });
    await refusedWithout(
      ['--allow-older'],
      folder,
      /has no cluster and no time in boot.json \(made by an old ingot\), so it counts as older/,
    );
  });

  it('is detected in the next update from the record in the slot', async () => {
    const folder = await versionOf({ published: '2026-11-24T12:00:00Z' });
    expect((await node.update(folder)).exitCode).toBe(0);
    node.boots(`ingot.slot=b ingot.version=${next}`);
    node.environment({ ...settled, ingot_slot: 'b' });
    node.release({ date: '2026-11-24T10:00:00Z' });
    writeFileSync(join(node.tree.folder, 'run/ingot/esp/b/slot.cfg'), `set ingot_version=${next}\n`);
    const before = await versionOf({ version: '20261124-eeeeeeeeeeee', published: '2026-11-24T11:00:00Z' });
    expect((await node.update(before)).stderr).toMatch(/both have the same lock/);
  });
});
