import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { buildIngot, bundle, project, removeBuilt } from '../built-ingot.ts';
import { eventually } from '../stand-ins/eventually.ts';

let built: string;
beforeAll(async () => {
  built = await buildIngot();
});
afterAll(() => removeBuilt(built));

const example = join(project, 'examples', 'cluster.yaml');
const asRoot = process.getuid?.() === 0;

/** Runs a shell script in which "$@" is the real program with its arguments. */
function shell(script: string, args: readonly string[], env: Record<string, string> = {}) {
  const ran = spawnSync(
    'sh',
    ['-c', script, 'sh', process.execPath, join(built, 'cli', 'main.js'), ...args],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...env },
    },
  );
  return { exitCode: ran.status, out: ran.stdout, err: ran.stderr };
}
const ingot = (...args: string[]) => shell('exec "$@"', args);

describe('the program ingot', () => {
  test('prints data on stdout and messages on stderr, and sets its exit status', () => {
    expect(ingot('check', example)).toMatchObject({ exitCode: 0, err: '' });
    const wrong = ingot('check', '/no/such.yaml');
    expect(wrong).toMatchObject({ exitCode: 2, out: '' });
    expect(wrong.err).toMatch(/^ingot: \/no\/such\.yaml does not exist\n {2}→ /);
    expect(ingot('chek')).toMatchObject({ exitCode: 2, out: '' });
  });

  test('loads only the parser and the texts for its help: each command is a separate file', async () => {
    const loaded = new Map<string, number>();
    const load = async (file: string): Promise<void> => {
      if (loaded.has(file)) return;
      const text = await readFile(file, 'utf8');
      loaded.set(file, text.length);
      for (const [, path = ''] of text.matchAll(/^(?:import|export)\b[^;\n]*?"(\.[^"]+)";/gm))
        await load(join(dirname(file), path));
    };
    await load(join(built, 'cli', 'main.js'));
    expect(loaded.size).toBeGreaterThan(1);
    // Start-up takes 0.04 s more than an empty Node process with 150 kB; most of it is commander.
    expect([...loaded.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
  });

  test('prints everything into a pipe, and tolerates a reader that stops early', () => {
    const whole = JSON.parse(shell('"$@" | cat', ['check', '--json', example]).out) as { cluster: string };
    expect(whole.cluster).toBe('demo');
    const { err } = shell('"$@" | true', ['check', '--json', example]);
    expect(err).toBe('');
  });

  test('reports errors of the system by name, and only a bug as a bug', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const refused = ingot('render', example, '--out', join(folder, 'file'));
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toContain(`${folder}/file cannot be used as a folder`);
    expect(refused.err).not.toContain('bug');
  });

  test('ends the programs that it runs when it ends, however it ends', async () => {
    const folder = await temporaryFolder();
    await bundle('src/host/make-host.ts', join(folder, 'host'));
    const script = `import { existsSync } from 'node:fs';
      import { makeHost } from '${folder}/host/make-host.mjs';
      makeHost().start('sh', ['-c', 'sleep 600 & echo $! > new && mv new pid; wait'], { cwd: '${folder}' });
      setInterval(() => { if (existsSync('${folder}/pid')) process.exit(3); }, 50);`;
    await writeFile(join(folder, 'script.mjs'), script);
    expect(spawnSync(process.execPath, [join(folder, 'script.mjs')]).status).toBe(3);
    const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim();
    await eventually('the grandchild has ended', async () => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z ');
      return / [ZX] /.test(stat) ? true : undefined;
    });
  });
});

describe.skipIf(!asRoot)('ingot bake, before anything starts,', () => {
  test('reports that it needs root', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o777);
    const out = join(folder, 'out');
    const nobody = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';
    const { exitCode, err } = shell(nobody, ['bake', example, '--out', out], {
      INGOT_POOL: join(folder, 'pool'),
    });
    // The program is a copy, in a folder below this one.
    expect(err.replace(/\(.*docs\//, '(docs/')).toBe(
      [
        'ingot: baking needs root',
        '  known failure: not-root (docs/troubleshooting.md#not-root)',
        '  → run it again with sudo, or as root',
        '  code: host-not-ready\n',
      ].join('\n'),
    );
    expect(exitCode).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  test('names a missing program, its package and the command that installs it', async () => {
    const folder = await temporaryFolder();
    // In a separate mount namespace, in which the program cannot be run.
    const without =
      'unshare --mount sh -c \'mount --bind /dev/null /usr/bin/mksquashfs && exec "$@"\' sh "$@"';
    const options = ['--out', join(folder, 'out'), '--pool', join(folder, 'pool')];
    const { exitCode, err } = shell(without, ['bake', example, ...options]);
    expect(err).toContain('ingot: a program is missing on this host:\n');
    expect(err).toContain('  mksquashfs (Debian package squashfs-tools): the golden root\n');
    expect(err).toContain('apt-get install --no-install-recommends squashfs-tools\n');
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);

    const doctor = shell(without, ['doctor', '--no-network'], { INGOT_ACCEL: 'tcg' });
    expect(doctor.exitCode).toBe(2);
    expect(doctor.err).toMatch(
      /^problem +programs +mksquashfs is missing \(Debian package squashfs-tools\)/m,
    );
    expect(doctor.err).toContain('→ apt-get install --no-install-recommends squashfs-tools\n');
    expect(doctor.err).toContain('code: missing-program');
  });

  test('reports how much space is missing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'out'));
    const small = `unshare --mount sh -c 'mount -t tmpfs -o size=1m tmpfs "${folder}/out" && exec "$@"' sh "$@"`;
    const options = ['--out', join(folder, 'out'), '--pool', join(folder, 'pool')];
    const { exitCode, err } = shell(small, ['bake', example, ...options]);
    expect(err).toContain(`not enough space in ${folder}/out: 9.0 GiB are needed, 0.0 GiB are free`);
    expect(exitCode).toBe(1);
  });

  test.each([
    [
      'an accelerator that does not exist',
      ['--role', 'master'],
      { INGOT_ACCEL: 'hvf' },
      'INGOT_ACCEL is "hvf"',
    ],
    [
      'a slave without a master for its boot test',
      ['--role', 'slave'],
      {},
      'a slave is boot-tested together with one',
    ],
  ])('refuses %s', async (_, more, env, message) => {
    const folder = await temporaryFolder();
    const options = ['--out', join(folder, 'out'), '--pool', join(folder, 'pool'), ...more];
    const { exitCode, err } = shell('exec "$@"', ['bake', example, ...options], env);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, 'out', 'runs'))).toBe(false);
  });
});
