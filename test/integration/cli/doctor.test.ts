import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { endKey, makeKey } from '../inputs/lock/toy-source.ts';
import { type ToyCluster, toyCluster } from './toy-cluster.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function doctor(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { world, out, err } = fakeWorld({
    cwd,
    env: { HOME: cwd, INGOT_ACCEL: 'tcg', ...env },
    host: makeHost(),
  });
  return { exitCode: await commandLine(world, ['doctor', '--no-network', ...args]), out: out(), err: err() };
}

interface Answer {
  readonly schema: number;
  readonly ready: boolean;
  readonly findings: readonly { check: string; state: string; text: string; remedy: unknown }[];
}

describe('ingot doctor', () => {
  test('shows a line for each check, and writes nothing', async () => {
    const { exitCode, err } = await doctor();
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^ok +programs +\d+ programs are installed$/m);
    for (const check of ['system', 'space', 'memory', 'accelerator', 'apt', 'clock', 'runs', 'ports'])
      expect(err).toMatch(new RegExp(`^(?:ok|warning) +${check} `, 'm'));
    expect(await readdir(cwd)).toEqual([]);
  });

  test('with --verbose lists every program with its package and version', async () => {
    const { err } = await doctor(['--verbose']);
    expect(err).toMatch(/^ok +programs +packer \(packer [0-9][^)]*\): the build guests$/m);
    expect(err).not.toContain('is missing');
  });

  test('with --json prints the same for programs, with a version, and nothing else', async () => {
    const { exitCode, out, err } = await doctor(['--json']);
    const answer = JSON.parse(out) as Answer;
    expect({ exitCode, err, schema: answer.schema, ready: answer.ready }).toEqual({
      ...{ exitCode: 0, err: '', schema: 1, ready: true },
    });
    expect(answer.findings.some(({ check, state }) => check === 'apt' && state === 'ok')).toBe(true);
  });

  test('reports a wrong accelerator as a problem: exit status 2', async () => {
    const error = await rejection(doctor([], { INGOT_ACCEL: 'hvf' }));
    expect(error).toMatchObject({ code: 'host-not-ready', exitCode: 2 });
    const { exitCode, out } = await doctor(['--json'], { INGOT_ACCEL: 'hvf' });
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ready: false });
  });

  test.runIf(process.getuid?.() === 0)(
    'finds what a killed bake has left; --fix removes it, keeps its logs, and leaves what others put there',
    async () => {
      const runs = join(cwd, 'out/runs');
      const killed = join(runs, '20261130T120000Z-aB3dEf');
      for (const part of ['logs', 'work', 'staged']) await mkdir(join(killed, part), { recursive: true });
      await writeFile(join(killed, 'owner'), '999999999 1\n');
      await writeFile(join(killed, 'work/tree'), 'tree\n');
      await mkdir(join(runs, 'mine'));
      const { exitCode, err } = await doctor();
      expect(exitCode).toBe(0);
      expect(err).toContain('the bake of 20261130T120000Z-aB3dEf was killed');
      expect(err).toContain('→ ingot doctor --fix');
      expect(await readdir(killed)).toContain('work');

      const fixed = await doctor(['--fix']);
      expect(fixed.err).toContain('done: ');
      expect(fixed.err).not.toContain('was killed');
      expect(await readdir(killed)).toContain('logs');
      expect(await readdir(killed)).not.toContain('work');
      expect((await readdir(runs)).sort()).toEqual(['20261130T120000Z-aB3dEf', 'mine']);
    },
  );
});

describe('ingot doctor SPEC', () => {
  let cluster: ToyCluster;
  const shared = sharedFolder();
  beforeAll(async () => {
    cluster = await toyCluster(shared());
    await cluster.offer({}, 'Sat, 21 Nov 2026 02:10:46 UTC');
  });
  afterAll(() => cluster.close());

  async function findings(spec: string): Promise<Answer['findings']> {
    const { world, out } = fakeWorld({
      cwd: cluster.folder,
      env: { HOME: cluster.folder, INGOT_ACCEL: 'tcg' },
      host: makeHost(),
    });
    await commandLine(world, ['doctor', spec, '--json']);
    return (JSON.parse(out()) as Answer).findings.filter(({ check }) => ['network', 'apt'].includes(check));
  }
  async function variant(change: (text: string) => string): Promise<string> {
    const file = join(cluster.folder, `variant-${String(performance.now())}.yaml`);
    await writeFile(file, change(await readFile(cluster.spec, 'utf8')));
    return file;
  }

  test('checks the mirror that the spec names, and its key, instead of the sources of the machine', async () => {
    const found = await findings(cluster.spec);
    expect(found.map(({ check, state }) => `${check} ${state}`)).toEqual(['network ok', 'apt ok']);
    for (const { text } of found) expect(text).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/site bookworm/);
  });

  test('reports a mirror that does not answer, and a key that has not signed it', async () => {
    const gone = await findings(await variant((text) => text.replace('/site', '/nothing')));
    expect(gone).toMatchObject([{ check: 'network', state: 'problem' }, { check: 'apt' }]);
    const folder = await temporaryFolder();
    const other = await makeKey(folder);
    await copyFile(join(folder, 'key.asc'), join(cluster.folder, 'other.asc'));
    await endKey(other);
    const wrong = await findings(await variant((text) => text.replace('key.asc', 'other.asc')));
    expect(wrong[1]).toMatchObject({ check: 'apt', state: 'problem' });
    expect(wrong[1]?.text).toContain('has signed it');
  });

  test('of a wrong spec is the error of ingot check', async () => {
    const spec = await variant((text) => text.replace('masters', 'mastres'));
    await expect(findings(spec)).rejects.toMatchObject({ code: 'wrong-spec' });
  });
});
