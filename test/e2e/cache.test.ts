import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { bakeExplainShape } from '../../src/cli/shapes/small-shapes.ts';
import { filesBelow } from '../../src/host/files-below.ts';
import { isRecord } from '../../src/version/record-files.ts';
import { bakeOnce, cacheFolder, signingKeyFile, specFile as spec, storeFolder } from './baked-store.ts';
import { copyOfIngot } from './elsewhere.ts';
import { type Ended, startIngot } from './ingot-process.ts';

const roles = ['master', 'slave'] as const;
const folder = join(inject('e2eFolder'), 'cache-test');
const changedFile = 'images/slave/rootfs/etc/docker/daemon.json';
const version = (out: string, role: string): string =>
  join(out, role, readlinkSync(join(out, role, 'latest')));
const runsOf = (out: string): string[] => readdirSync(join(out, 'runs'));
const bake = (args: readonly string[], ingot?: string): Promise<Ended> =>
  startIngot(['bake', spec, '--cache', cacheFolder, '--seed-key', signingKeyFile, ...args], ingot).ended;

describe('images that were baked before', () => {
  let copy: string;
  beforeAll(async () => {
    const first = await bakeOnce();
    expect(first.exitCode, first.stderr).toBe(0);
    copy = copyOfIngot(folder);
  });

  it('are not baked again: ingot reports that there is nothing to do, with the versions and their folders', async () => {
    const before = runsOf(storeFolder);
    const { exitCode, stdout, stderr } = await bake(['--out', storeFolder]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^nothing to do: master is \d{8}-[0-9a-f]{12}, slave is \d{8}-[0-9a-f]{12}$/);
    expect(stdout.split('\n')).toEqual(roles.map((role) => version(storeFolder, role)));
    expect(runsOf(storeFolder)).toEqual(before);
  });

  it('are copied from the cache into a store that lacks them, without booting a guest', async () => {
    const out = join(folder, 'out');
    const { exitCode, stdout, stderr } = await bake(['--out', out]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout.split('\n')).toEqual(roles.map((role) => version(out, role)));
    for (const role of roles) {
      expect(readlinkSync(join(out, role, 'latest'))).toBe(readlinkSync(join(storeFolder, role, 'latest')));
      // The first bake signed its versions, this one does not.
      const imageFiles = async (store: string): Promise<string[]> =>
        (await filesBelow(version(store, role))).filter((name) => !isRecord(name));
      const files = await imageFiles(storeFolder);
      expect(await imageFiles(out)).toEqual(files);
      for (const file of files)
        execFileSync('cmp', [join(version(out, role), file), join(version(storeFolder, role), file)]);
    }
    expect(stderr).toContain('from the cache');
    expect(stderr).not.toMatch(/^(bake|verify) {2}/m);
  });

  it('are explained: each changed file is listed under the stage that it changes, and only the affected stages run', async () => {
    appendFileSync(join(copy, changedFile), '\n');
    const { exitCode, stdout, stderr } = await bake(
      ['--out', join(folder, 'out'), '--explain', '--json'],
      copy,
    );
    expect(exitCode, stderr).toBe(0);
    const { stages } = bakeExplainShape.parse(JSON.parse(stdout));
    const running = stages.filter(({ verdict }) => verdict === 'runs');
    expect(running.map(({ title }) => title)).toEqual([
      ...['tree slave', 'changes slave', 'root slave', 'artifacts slave', 'verification slave'],
    ]);
    expect(running[0]?.why).toEqual([`${changedFile} changed`]);
    expect(stages.find(({ title }) => title === 'packages slave')?.verdict).toBe('cached');
  });
});
