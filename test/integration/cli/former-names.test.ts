import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/inputs/plan/plan.ts';
import { buildIngot, project, removeBuilt } from '../built-ingot.ts';

let built: string;
let folder: string;
let spec: string;
let line: string;
beforeAll(async () => {
  built = await buildIngot();
  folder = await mkdtemp(join(tmpdir(), 'ingot-former-'));
  spec = join(folder, 'cluster.yaml');
  const text = await readFile(join(project, 'examples', 'clusterd.yaml'), 'utf8');
  const former = text.replace(/^targets: .*$/m, 'targets: [qcow2, cloud]');
  await writeFile(spec, former);
  line = String(former.slice(0, former.indexOf('targets:')).split('\n').length);
});
afterAll(async () => {
  await removeBuilt(built);
  await rm(folder, { recursive: true, force: true });
});

function ingot(...args: string[]) {
  const ran = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return { exitCode: ran.status, out: ran.stdout, err: ran.stderr };
}

describe('a spec with the former target name cloud instead of ec2', () => {
  const warning = () => `ingot: warning: ${spec}:${line}:18: cloud is the former name of ec2\n`;

  test('gives the same plan as before in ingot check, with one warning that says what to write', () => {
    const { exitCode, out, err } = ingot('check', spec);
    expect(exitCode).toBe(0);
    expect(out).toContain('qcow2, ec2');
    expect(err.startsWith(warning())).toBe(true);
    expect(err).toMatch(/^ {2}right: ec2$/m);
    expect(err.match(/warning/g)).toHaveLength(1);
  });

  test('prints only the plan to programs that read stdout', () => {
    const { out, err } = ingot('check', '--json', spec);
    expect((JSON.parse(out) as Plan).targets).toEqual(['qcow2', 'ec2']);
    expect(err).toContain(warning());
  });

  test('also warns ingot bake, before anything is done', () => {
    const { exitCode, err } = ingot('bake', '--quiet', spec);
    expect(exitCode).toBe(2);
    expect(err.startsWith(warning())).toBe(true);
    expect(err).toContain('cluster.lock.json is not there');
    expect(err.match(/warning/g)).toHaveLength(1);
  });

  test('also warns ingot seed', () => {
    const { exitCode, err } = ingot('seed', spec, '--into', join(folder, 'seed'));
    expect({ exitCode, warned: err.includes(warning()) }).toEqual({ exitCode: 0, warned: true });
  });
});
