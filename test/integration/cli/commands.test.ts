import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import type { Plan } from '../../../src/inputs/plan/plan.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const example = join(project, 'examples', 'cluster.yaml');
let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

describe('ingot check', () => {
  test('shows what would be baked from the example, as text or as the plan', async () => {
    const said = await ingot('check', example);
    expect(said).toMatchObject({ exitCode: 0, err: '' });
    expect(said.out).toContain('demo');
    expect(said.out).toContain('10.0.0.13');
    const plan = JSON.parse((await ingot('check', '--json', example)).out) as Plan;
    expect(plan.roles.map(({ role }) => role)).toEqual(['master', 'slave']);
    expect(plan.quorum).toBe(2);
  });

  test('fits on a screen, and shows everything with --verbose', async () => {
    const lines = (text: string) => text.trimEnd().split('\n');
    for (const name of ['cluster.yaml', 'clusterd.yaml']) {
      const spec = join(project, 'examples', name);
      const summary = lines((await ingot('check', spec)).out);
      expect(summary.length).toBeLessThanOrEqual(20);
      expect(summary.at(-1)).toContain('--verbose');
      const all = lines((await ingot('check', spec, '--verbose')).out);
      // Everything before the roles is the same; the summary counts the rest.
      const roles = summary.findIndex((line) => line.startsWith('  master  '));
      expect(all.slice(0, roles)).toEqual(summary.slice(0, roles));
      expect(all.join('\n')).toContain('systemd-networkd.service');
      expect(summary.join('\n')).not.toContain('systemd-networkd.service');
    }
  });

  test('counts what each role has, as in the plan', async () => {
    const { out } = await ingot('check', example);
    const plan = JSON.parse((await ingot('check', '--json', example)).out) as Plan;
    for (const { role, packages, unitsOn, checks } of plan.roles) {
      const line = out.split('\n').find((one) => one.startsWith(`  ${role}  `));
      expect(line).toContain(` ${plan.sharedPackages.length + packages.length} packages, `);
      expect(line).toContain(`, ${unitsOn.length} units, ${checks.length} checks`);
    }
  });

  test('reports all errors of a spec at once, each with its place: exit status 2', async () => {
    const spec = join(cwd, 'cluster.yaml');
    await writeFile(spec, 'cluster: demo\nmasters: [10.0.0.11, 10.0.0.300]\nmesoz:\n  deb: a.deb\n');
    const error = await rejection(ingot('check', spec));
    expect(error.exitCode).toBe(2);
    const text = [error.message, ...error.excerpt].join('\n');
    expect(text).toContain(`${spec}:2:22`);
    expect(text).toContain('10.0.0.300');
    expect(text).toContain(`${spec}:3:1`);
    expect(text).toMatch(/mesos/);
  });

  test('reports a file that does not exist as wrong input', async () => {
    const error = await rejection(ingot('check', join(cwd, 'none.yaml')));
    expect(error).toMatchObject({ code: 'wrong-spec' });
    expect(error.message).toContain('none.yaml does not exist');
  });
});

test('ingot schema prints a JSON Schema with the keys of a spec', async () => {
  const { exitCode, out, err } = await ingot('schema');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  const schema = JSON.parse(out) as { properties: Record<string, unknown> };
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['cluster', 'masters', 'mesos']));
});

describe('ingot render', () => {
  test('writes the same bytes every time into a folder below the current one', async () => {
    expect(await ingot('render', example, '--out', 'one')).toMatchObject({ exitCode: 0, out: '' });
    await ingot('render', example, '--out', 'two');
    const names = (await readdir(join(cwd, 'one'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(cwd, 'one/').length));
    expect(names).toContain('.ingot-rendered');
    expect(names.some((name) => name.endsWith('.pkr.hcl'))).toBe(true);
    for (const name of names)
      expect(await readFile(join(cwd, 'two', name), 'utf8')).toBe(
        await readFile(join(cwd, 'one', name), 'utf8'),
      );
  });

  test('--diff shows what would change and changes nothing: exit status 3, or 0 without a difference', async () => {
    await ingot('render', example, '--out', 'rendered');
    expect(await ingot('render', example, '--out', 'rendered', '--diff')).toEqual({
      exitCode: 0,
      out: '',
      err: '',
    });
    const file = join(cwd, 'rendered', 'packer', 'cluster.pkr.hcl');
    const before = await readFile(file, 'utf8');
    await writeFile(file, `# by hand\n${before}`);
    const { exitCode, out } = await ingot('render', example, '--out', 'rendered', '--diff');
    expect(exitCode).toBe(3);
    expect(out).toContain('\n-# by hand\n');
    expect(await readFile(file, 'utf8')).toBe(`# by hand\n${before}`);
    const all = await ingot('render', example, '--out', 'none-yet', '--diff');
    expect(all.exitCode).toBe(3);
    expect(await readdir(cwd)).toEqual(['rendered']);
  });
});

describe('ingot lock check', () => {
  const debs = join(project, 'stand-ins/build');
  const text = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: { deb: ${debs}/mesos_1.9.0-1.standin1_all.deb }
marathon: { deb: ${debs}/marathon_1.11.24-1.standin1_all.deb }
`;
  beforeEach(() => writeFile(join(cwd, 'cluster.yaml'), text));

  test('reports on stdout that there is no lock, creates none, and exits with 3', async () => {
    const spec = join(cwd, 'cluster.yaml');
    const found = await ingot('lock', 'check', spec);
    expect(found).toEqual({
      exitCode: 3,
      out: `${join(cwd, 'cluster.lock.json')} does not exist\n`,
      err: '',
    });
    expect(await readdir(cwd)).toEqual(['cluster.yaml']);
  });

  test('has an old form with the same stdout and exit status, which prints what to type instead', async () => {
    const spec = join(cwd, 'cluster.yaml');
    const [today, old] = [await ingot('lock', 'check', spec), await ingot('lock', spec, '--check')];
    expect(old).toEqual({
      ...today,
      err: `ingot: warning: this form is deprecated; type instead: ingot lock check ${spec}\n`,
    });
  });
});

test('old and new form of a boot test fail in the same way: the same error, the same exit status', async () => {
  const [old, today] = [
    await rejection(ingot('verify', example, '--out', 'empty')),
    await rejection(ingot('boot-test', example, '--out', 'empty')),
  ];
  expect([old.exitCode, old.message, old.hint]).toEqual([today.exitCode, today.message, today.hint]);
});

test.each<[string, string[], Record<string, string>, string]>([
  ['a file', ['--sign', 'bad.pem'], {}, 'bad.pem does not contain a readable private key'],
  ['no file', ['--sign', 'none.pem'], {}, 'none.pem cannot be read: ENOENT'],
  [
    'text',
    [],
    { INGOT_SIGNING_KEY: 'c2VjcmV0' },
    'INGOT_SIGNING_KEY does not contain a readable private key',
  ],
])(
  'ingot bake refuses a wrong key that is %s before it does anything, and does not show the key',
  async (_, args, env, reason) => {
    await writeFile(
      join(cwd, 'bad.pem'),
      '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n',
    );
    const { world, out, err } = fakeWorld({ cwd, env });
    const error = await rejection(commandLine(world, ['bake', example, '--no-cache', ...args]));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(reason);
    expect(`${error.message} ${error.hint ?? ''} ${String(error.cause)} ${out()} ${err()}`).not.toContain(
      'c2VjcmV0',
    );
    expect(await readdir(cwd)).toEqual(['bad.pem']);
  },
);

test('ingot boot-test of a store without images reports which one is missing', async () => {
  const error = await rejection(ingot('boot-test', example, '--out', 'empty'));
  expect(error).toMatchObject({
    code: 'no-image',
    message: `there is no master image in ${join(cwd, 'empty')}`,
  });
  expect(await readdir(cwd)).toEqual([]);
});
