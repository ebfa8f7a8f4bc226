import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import type { World } from '../../../src/cli/world.ts';
import { specJsonSchema } from '../../../src/inputs/cluster-spec/json-schema.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { buildIngot, removeBuilt } from '../built-ingot.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function ingot(args: readonly string[], more: Partial<World> = {}) {
  const { world, out, err } = fakeWorld({ cwd, env: { HOME: cwd }, ...more });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

/** A person who types these lines on a terminal, and then ends the input. */
function typing(text: string): Partial<World> {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end(text);
  const { world } = fakeWorld();
  const stream = Object.assign(world.stream, { isTTY: true, columns: 40 });
  return { input, stream };
}

const key =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkVY4Lh94PCFvFqfhTIJWdY3KVRGPEIuvrCecRrPbn1 alice@example.org';

describe('ingot init', () => {
  test('writes a spec that ingot check accepts, its schema and a .gitignore, and names the next command', async () => {
    const { exitCode, out, err } = await ingot(['init', 'demo', '--yes']);
    expect(exitCode).toBe(0);
    expect((await readdir(join(cwd, 'demo'))).sort()).toEqual([
      '.gitignore',
      'cluster.schema.json',
      'cluster.yaml',
    ]);
    expect(out.trimEnd().split('\n').sort()).toEqual(
      ['.gitignore', 'cluster.schema.json', 'cluster.yaml'].map((name) => join(cwd, 'demo', name)),
    );
    expect(err).toBe('next: cd demo && ingot check cluster.yaml\n');
    expect(await ingot(['check', join(cwd, 'demo/cluster.yaml')])).toMatchObject({ exitCode: 0, err: '' });
    const schema: unknown = JSON.parse(await readFile(join(cwd, 'demo/cluster.schema.json'), 'utf8'));
    expect(schema).toEqual(specJsonSchema());
    expect(await readFile(join(cwd, 'demo/.gitignore'), 'utf8')).toContain('/out/\n');
  });

  test('without a terminal asks nothing, like --yes', async () => {
    const one = await ingot(['init', 'one']);
    expect(one.err).toBe('next: cd one && ingot check cluster.yaml\n');
    await mkdir(join(cwd, 'again'));
    await ingot(['init', 'one', '--yes'], { cwd: join(cwd, 'again') });
    for (const name of ['.gitignore', 'cluster.schema.json', 'cluster.yaml'])
      expect(await readFile(join(cwd, 'one', name))).toEqual(await readFile(join(cwd, 'again/one', name)));
  });

  test('copies the stand-ins next to the spec, so that the folder can be moved', async () => {
    await ingot(['init', 'demo', '--yes', '--mesos', 'stand-ins']);
    expect((await readdir(join(cwd, 'demo/packages'))).map((name) => name.split('_')[0]).sort()).toEqual([
      'marathon',
      'mesos',
    ]);
    expect(await ingot(['check', join(cwd, 'demo/cluster.yaml')])).toMatchObject({ exitCode: 0, err: '' });
  });

  test('asks four questions on a terminal; Enter means the default', async () => {
    const { exitCode, err } = await ingot(['init', 'demo'], typing('\n\n\n\n'));
    expect(exitCode).toBe(0);
    expect(err.match(/\[/g)).toHaveLength(4);
    const asked = await readFile(join(cwd, 'demo/cluster.yaml'), 'utf8');
    await mkdir(join(cwd, 'other'));
    await ingot(['init', 'demo', '--yes'], { cwd: join(cwd, 'other') });
    expect(asked).toBe(await readFile(join(cwd, 'other/demo/cluster.yaml'), 'utf8'));
  });

  test('asks again with the reason until an answer is right, within 40 columns', async () => {
    await writeFile(join(cwd, 'me.pub'), `${key}\n`);
    const typed =
      'Big Cluster\nbig\n10.1.0.1 10.1.0.2\n10.1.0.1,10.1.0.2, 10.1.0.3\nmesos\nclusterd\nnone.pub\nme.pub\n';
    const { exitCode, err } = await ingot(['init', 'demo'], typing(typed));
    expect(exitCode).toBe(0);
    expect(err).toContain('"Big Cluster" is not a valid');
    expect(err).toContain('2 masters are an even number');
    expect(err.replaceAll(/\s+/g, ' ')).toContain('none.pub does not exist');
    // A person's Enter ends the line of a question.
    for (const line of err.replaceAll(']: ', ']:\n').split('\n').slice(0, -2))
      expect(line.length <= 40 || !line.trim().includes(' '), line).toBe(true);
    const spec = await readFile(join(cwd, 'demo/cluster.yaml'), 'utf8');
    expect(spec).toContain('cluster: big #');
    expect(spec).toContain('  - 10.1.0.3\n');
    expect(spec).toContain(`operators:\n  - ${key}\n`);
  });

  test('ended in the middle of the questions (Ctrl-D) writes nothing, and not even the folder', async () => {
    const error = await rejection(ingot(['init', 'demo'], typing('big\n')));
    expect(error).toMatchObject({ code: 'interrupted', exitCode: 130 });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('interrupted by Ctrl-C in the middle of the questions writes nothing', async () => {
    const stop = new AbortController();
    const person = { ...typing(''), input: Object.assign(new PassThrough(), { isTTY: true }) };
    const running = rejection(ingot(['init', 'demo'], { ...person, signal: stop.signal }));
    stop.abort();
    expect(await running).toMatchObject({ code: 'interrupted' });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('never copies a private key', async () => {
    await writeFile(join(cwd, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n');
    const error = await rejection(ingot(['init', 'demo', '--operator', 'id']));
    expect(error.code).toBe('wrong-usage');
    expect(error.message).toContain('name the file that ends in .pub');
    expect(error.message).not.toContain('secret');
    expect(await readdir(cwd)).toEqual(['id']);
  });
});

describe('ingot init never overwrites', () => {
  test.each(['cluster.yaml', 'cluster.schema.json'])(
    '%s: it is refused before a question is asked, and nothing changes',
    async (name) => {
      await writeFile(join(cwd, name), 'mine\n');
      for (const person of [{}, typing('\n\n\n\n')]) {
        const error = await rejection(ingot(['init'], person));
        expect(error).toMatchObject({ code: 'unusable-folder', exitCode: 2 });
        expect(error.message).toContain(`has ${name} already`);
      }
      expect(await readdir(cwd)).toEqual([name]);
      expect(await readFile(join(cwd, name), 'utf8')).toBe('mine\n');
    },
  );

  test('what a link points to, even if that does not exist', async () => {
    await symlink(join(cwd, 'elsewhere'), join(cwd, 'cluster.yaml'));
    expect((await rejection(ingot(['init']))).message).toContain('has cluster.yaml already');
    expect(await readdir(cwd)).toEqual(['cluster.yaml']);
  });

  test('a .gitignore: it is left as it is, and the lines that it should contain are printed', async () => {
    await writeFile(join(cwd, '.gitignore'), 'mine\n');
    await writeFile(join(cwd, 'README.md'), 'mine\n');
    const { exitCode, err } = await ingot(['init']);
    expect(exitCode).toBe(0);
    expect(err).toContain('.gitignore was there and is left as it is');
    expect(err).toContain('/out/');
    expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe('mine\n');
    expect(await readFile(join(cwd, 'README.md'), 'utf8')).toBe('mine\n');
  });

  test('and a second time, with the same answers, changes nothing and succeeds', async () => {
    await ingot(['init', 'demo']);
    expect(await ingot(['init', 'demo'])).toMatchObject({ exitCode: 0, out: '' });
  });

  test('a file in place of the folder', async () => {
    await writeFile(join(cwd, 'demo'), 'mine\n');
    expect((await rejection(ingot(['init', 'demo']))).message).toContain('is not a folder');
    expect((await rejection(ingot(['init', 'demo/below']))).code).toBe('unusable-folder');
    expect(await readFile(join(cwd, 'demo'), 'utf8')).toBe('mine\n');
  });
});

describe.runIf(process.getuid?.() === 0)('ingot init as a program', () => {
  let built: string;
  beforeAll(async () => {
    built = await buildIngot();
  });
  afterAll(() => removeBuilt(built));

  /** Runs a script in a separate mount namespace, in which "$@" is the real program. */
  function program(script: string, args: readonly string[]) {
    const ran = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', process.execPath, join(built, 'cli', 'main.js'), ...args],
      { encoding: 'utf8', cwd, env: { PATH: process.env['PATH'] ?? '', HOME: cwd } },
    );
    return { exitCode: ran.status, out: ran.stdout, err: ran.stderr };
  }

  test('on a full disk leaves nothing behind', async () => {
    await mkdir(join(cwd, 'disk'));
    const full =
      'mount -t tmpfs -o size=40k tmpfs disk && { "$@"; status=$?; find disk -mindepth 1; exit $status; }';
    const { exitCode, out, err } = program(full, ['init', 'disk/demo']);
    expect(err).toContain('there is not enough space for the files; nothing was left in');
    expect(err).toContain('code: no-space');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  });

  test('in a read-only folder says so and leaves nothing', async () => {
    await mkdir(join(cwd, 'disk'));
    const { exitCode, out, err } = program('mount -t tmpfs -o ro tmpfs disk && exec "$@"', [
      'init',
      'disk/demo',
    ]);
    expect(err).toContain('is read-only; nothing was left in');
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  });

  test('by a user who may not write the folder', () => {
    const nobody = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';
    const { exitCode, err } = program(`chmod 755 . && ${nobody}`, ['init', 'demo']);
    expect(err).toContain('may not be written');
    expect(exitCode).toBe(2);
  });

  test('asks on a real terminal of 40 columns', () => {
    const command = `stty cols 40 && ${process.execPath} ${join(built, 'cli', 'main.js')} init demo`;
    const ran = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm' },
      input: 'big\n\n\n\n',
    });
    expect(ran.stdout).toContain('Name of the cluster [demo]: ');
    expect(ran.stdout).toContain('next: cd demo && ingot check cluster.yaml');
    expect(ran.status).toBe(0);
  });
});
