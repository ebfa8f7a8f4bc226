import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheFolder } from './baked-store.ts';
import { processesNaming, project, startIngot } from './ingot-process.ts';

mkdirSync(join(project, '.make'), { recursive: true });
const folder = mkdtempSync(join(project, '.make', 'e2e-failures-'));
const out = join(folder, 'out');
const publishedRoles = (): string[] => readdirSync(out).filter((name) => name !== 'runs');
const runsWithTrees = (): string[] =>
  readdirSync(join(out, 'runs')).filter((name) => existsSync(join(out, 'runs', name, 'work')));

/** A copy of ingot with a step of the slave whose assert.sh fails. */
function brokenIngot(): string {
  const copy = join(folder, 'ingot');
  if (existsSync(copy)) return copy;
  for (const name of [
    'bin',
    'dist',
    'images',
    'node-tools',
    'templates',
    'examples',
    'stand-ins',
    'package.json',
  ]) {
    cpSync(join(project, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
  const step = join(copy, 'images', 'slave', 'steps', '90-broken');
  mkdirSync(step, { recursive: true });
  writeFileSync(join(step, 'do.sh'), 'echo "doing nothing at all"\n');
  writeFileSync(join(step, 'assert.sh'), 'echo "the promise was not kept" >&2\nexit 4\n');
  return copy;
}

describe('a bake that does not finish', () => {
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('stops everything within 10 seconds of Ctrl-C while the guests boot, and publishes nothing', async () => {
    // The composed trees come from the cache; the broken step makes a guest boot.
    const bake = startIngot(
      ['bake', 'examples/cluster.yaml', '--out', out, '--cache', cacheFolder],
      brokenIngot(),
    );
    await bake.shows('bake  slave  boot');
    const interrupted = Date.now();
    bake.child.kill('SIGINT');
    const { exitCode, stderr } = await bake.ended;
    expect((Date.now() - interrupted) / 1000).toBeLessThan(10);
    expect(exitCode, stderr).toBe(130);
    expect(processesNaming(out)).toEqual([]);
    expect(publishedRoles()).toEqual([]);
    expect(runsWithTrees()).toEqual([]);
  });

  it('is cleaned up by the next bake if it was killed; a step whose assertion fails is reported with its output, the console and the logs', async () => {
    const killed = startIngot(['bake', 'examples/cluster.yaml', '--out', out, '--no-cache']);
    await killed.shows('compose  shared');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(runsWithTrees()).toHaveLength(1);

    const { exitCode, stderr } = await startIngot(
      ['bake', 'examples/cluster.yaml', '--out', out, '--cache', cacheFolder],
      brokenIngot(),
    ).ended;
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/90-broken/);
    expect(stderr).toMatch(/the promise was not kept/);
    expect(stderr).toMatch(/console/);
    const [, logs = 'no path', names = ''] = / {2}logs: (\/\S+) \((.*)\)/.exec(stderr) ?? [];
    expect(names.split(', ')).toContain('events.ndjson');
    for (const name of names.split(', ')) expect(existsSync(join(logs, name)), stderr).toBe(true);
    expect(processesNaming(out)).toEqual([]);
    expect(publishedRoles()).toEqual([]);
    expect(runsWithTrees()).toEqual([]);
  });

  it('keeps the guest of a failed step with --keep-on-failure: a shell and the console show it; Ctrl-C ends it', async () => {
    const args = ['bake', 'examples/cluster.yaml', '--out', out, '--cache', cacheFolder, '--keep-on-failure'];
    const bake = startIngot(args, brokenIngot());
    await bake.shows(/ingot shell slave shows why.*kept until Ctrl-C/);
    const shell = spawnSync(join(project, 'bin', 'ingot'), ['shell', 'slave', '--out', out], {
      input: 'cat /proc/1/cmdline; ls /run/ingot/cd/ingot/steps\n',
      encoding: 'utf8',
    });
    expect(shell.status, shell.stderr).toBe(0);
    expect(shell.stderr).toContain('build guest of the slave');
    expect(shell.stdout).toContain('90-broken');
    const seen = startIngot(['console', 'slave', '--out', out]);
    await seen.shows('build guest of the slave');
    const attached = startIngot(['attach', '--out', out]);
    await attached.shows('kept until Ctrl-C');
    bake.child.kill('SIGINT');
    const { exitCode, stderr } = await bake.ended;
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/step 90-broken failed in assert\.sh/);
    expect((await seen.ended).stdout).toContain('ingot: the build guest listens');
    const { exitCode: attachedCode, stderr: attachedText } = await attached.ended;
    expect(attachedCode, attachedText).toBe(1);
    expect(attachedText).toContain('90-broken');
    expect(processesNaming(out)).toEqual([]);
    expect(publishedRoles()).toEqual([]);
    expect(runsWithTrees()).toEqual([]);
  });
});
