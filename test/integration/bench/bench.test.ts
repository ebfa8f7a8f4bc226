import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeProgram } from '../../../bench/time-program.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { serveFolder } from '../../../src/host/serve-folder.ts';
import { buildIngot, removeBuilt } from '../built-ingot.ts';

const host = makeHost();
const { signal } = new AbortController();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-bench-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a program that is timed', () => {
  const timed = (script: string, boundSeconds?: number) =>
    timeProgram(host, {
      program: process.execPath,
      args: ['-e', script],
      workFolder: folder,
      signal,
      ...(boundSeconds === undefined ? {} : { boundSeconds }),
    });
  it('has its seconds, its CPU time and its peak memory', async () => {
    const { sample, cutOff } = await timed(
      'const held = Buffer.alloc(150 << 20, 1); setTimeout(() => held.length, 300)',
    );
    expect(cutOff).toBe(false);
    expect(sample.value).toBeGreaterThan(0.3);
    expect(sample.cpuSeconds).toBeGreaterThan(0);
    expect(sample.nodeMiB).toBeGreaterThan(150);
    expect(sample.largestMiB).toBeGreaterThan(150);
  });
  it('is ended at its time limit, and this is reported', async () => {
    const { sample, cutOff } = await timed('setInterval(() => {}, 1000)', 1);
    expect(cutOff).toBe(true);
    expect(sample.value).toBeGreaterThanOrEqual(1);
  });
  it('that fails is shown with its last lines and the command to run it again', async () => {
    await expect(timed('console.error("no such thing"); process.exitCode = 3')).rejects.toMatchObject({
      code: 'command-failed',
      excerpt: expect.arrayContaining(['no such thing']) as unknown,
      hint: expect.stringContaining('run it again by hand') as unknown,
    });
  });
  it('leaves nothing in the work folder', async () => {
    await timed('0');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a folder that is served', () => {
  it('serves its files and nothing above it', async () => {
    await writeFile(join(folder, 'inside'), 'text');
    const server = await serveFolder(folder);
    try {
      expect(await (await fetch(`${server.url}/inside`)).text()).toBe('text');
      expect((await fetch(`${server.url}/gone`)).status).toBe(404);
      expect((await fetch(`${server.url}/..%2f..%2fetc/hostname`)).status).toBe(404);
    } finally {
      await server.close();
      await rm(join(folder, 'inside'));
    }
  });
});

describe('make bench', () => {
  let built = '';
  beforeAll(async () => {
    built = await buildIngot();
  });
  afterAll(async () => {
    await removeBuilt(built);
  });
  const bench = (...args: readonly string[]) =>
    host.run(process.execPath, [join(built, 'bench/main.js'), ...args], {
      cwd: folder,
      accept: [0, 2],
    });
  const spec = () => join(built, '..', 'examples', 'cluster.yaml');

  it('lists its lines', async () => {
    const { stdout } = await bench(spec(), '--list');
    for (const name of ['help', 'cold', 'plain-packer', 'live-build', 'limit', 'boot', 'growth-roles'])
      expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  });
  it('refuses an unknown line and lists the known ones', async () => {
    const { exitCode, stderr } = await bench(spec(), '--only', 'hlep');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no line hlep');
    expect(stderr).toContain('help, check');
  });
  it('measures one line, keeps its result and chart, and leaves nothing else behind', async () => {
    const { stdout } = await bench(spec(), '--out', 'results', '--only', 'help', '--runs', '1', '--json');
    expect((await readdir(join(folder, 'results'))).sort()).toEqual(['performance.svg', 'results.json']);
    const kept: unknown = JSON.parse(await readFile(join(folder, 'results/results.json'), 'utf8'));
    expect(kept).toEqual(JSON.parse(stdout));
    expect(kept).toMatchObject({ version: 1, lines: [{ name: 'help', series: [{ samples: [{}] }, {}] }] });
    expect(existsSync(join(folder, 'cluster.lock.json'))).toBe(false);
  });
  it('computes the time of thousands of nodes from a measured load, and marks it as computed', async () => {
    const { stdout } = await bench(
      spec(),
      '--out',
      'load',
      '--only',
      'netboot-1',
      'netboot-scale',
      '--runs',
      '1',
    );
    expect(stdout).toMatch(/nginx by ingot: throughput +\d+ MiB\/s/);
    expect(stdout).toContain('netboot-scale: COMPUTED, not measured');
    expect(stdout).toMatch(/10 Gb\/s, one server +11\d\d s/);
    expect(await readdir(join(folder, 'load'))).toEqual(['performance.svg', 'results.json']);
  });
});
