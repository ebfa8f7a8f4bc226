import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolVersion } from '../../../src/inputs/tool-version.ts';
import { project } from '../built-ingot.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-package-'));
  // As `make npm-package deb` does.
  if (!existsSync(join(project, 'dist/cli/main.js')))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: project });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A program outside of the project, without its node_modules and without a registry to reach. */
function run(program: string, args: readonly string[], cwd: string) {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The files below folders, relative, with whether they may be executed. */
function filesWithMode(root: string, below: readonly string[]): string[] {
  return below
    .flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((one) => join(name, one)),
    )
    .filter((name) => !name.includes('__pycache__') && !lstatSync(join(root, name)).isDirectory())
    .map((name) => `${name} ${(statSync(join(root, name)).mode & 0o100) === 0 ? '' : 'x'}`)
    .sort();
}

// What a bake reads: of each file a digest is in the keys of its stages.
const read = ['images', 'templates', 'node-tools/ingot_node', 'node-tools/initrd', 'node-tools/programs'];

describe('the npm package', () => {
  let elsewhere: string;
  let installed: string;
  beforeAll(async () => {
    const made = run(join(project, 'setup/build-npm-package'), [folder], project);
    expect(made.stderr).toBe('');
    const tarball = made.stdout.trim();
    expect(tarball).toBe(join(folder, `ingot-${toolVersion}.tgz`));
    elsewhere = join(folder, 'an empty folder');
    await mkdir(elsewhere);
    expect(run('npm', ['install', '--no-fund', tarball], elsewhere)).toMatchObject({ status: 0 });
    installed = join(elsewhere, 'node_modules/ingot');
  });

  it('is installed without a network, and brings no other package', () => {
    const names = readdirSync(join(elsewhere, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['ingot']);
  });

  it('runs: npx ingot --help, --version, and a check of the example', () => {
    const help = run('npx', ['ingot', '--help'], elsewhere);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('bake <spec>');
    expect(run('npx', ['ingot', '--version'], elsewhere).stdout).toBe(`${toolVersion}\n`);
    const example = join(installed, 'examples/cluster.yaml');
    const check = run('npx', ['ingot', 'check', example], elsewhere);
    expect(check).toMatchObject({ status: 0 });
    expect(check.stdout).toContain('no errors');
    const rendered = run('npx', ['ingot', 'render', example, '--out', 'rendered'], elsewhere);
    expect(rendered).toMatchObject({ status: 0 });
    expect(readdirSync(join(elsewhere, 'rendered')).length).toBeGreaterThan(0);
  });

  it('has every file of images/, templates/ and node-tools/, with its mode', () => {
    expect(filesWithMode(installed, read)).toEqual(filesWithMode(project, read));
    // npm leaves out links and empty folders without a word.
    const links = read.flatMap((name) =>
      readdirSync(join(project, name), { recursive: true, withFileTypes: true }).filter(
        (entry) =>
          entry.isSymbolicLink() ||
          (entry.isDirectory() && readdirSync(join(entry.parentPath, entry.name)).length === 0),
      ),
    );
    expect(links.map(({ name }) => name)).toEqual([]);
  });

  it('has manual pages, completions, schemas, the stand-ins of the example, and the licences of its libraries', () => {
    for (const file of [
      ...['man/ingot.1', 'man/ingot-lock-check.1', 'completions/bash/ingot', 'schemas/drift-2.schema.json'],
      ...['stand-ins/build/mesos_1.9.0-1.standin1_all.deb', 'setup/host-packages', 'LICENSE', 'CHANGELOG.md'],
    ])
      expect(existsSync(join(installed, file)), file).toBe(true);
    const licences = readFileSync(join(installed, 'dist/third-party-licences.txt'), 'utf8');
    for (const name of ['commander', 'zod', 'yaml', 'handlebars', 'execa', 'listr2'])
      expect(licences).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, 'm'));
    expect(licences).toContain('Permission is hereby granted');
  });

  it('says with ingot setup which Debian packages are missing, and installs nothing with --dry-run', () => {
    const { status, stdout, stderr } = run('npx', ['ingot', 'setup', '--dry-run'], elsewhere);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(
      /^setup: (all \d+ Debian packages are installed|these Debian packages are missing: .*)\n$/,
    );
  });
});

describe('the Debian package', () => {
  let deb: string;
  let root: string;
  beforeAll(() => {
    const made = run(join(project, 'setup/build-deb'), [folder], project);
    expect(made.status, made.stderr).toBe(0);
    deb = made.stdout.trim();
    root = join(folder, 'root');
    execFileSync('dpkg-deb', ['--extract', deb, root]);
  });

  it('has no error by lintian', () => {
    const { stdout, status } = run('lintian', ['--no-cfg', '--fail-on', 'error', deb], folder);
    expect({ status, errors: stdout.match(/^E: .*$/gm) ?? [] }).toEqual({ status: 0, errors: [] });
  });

  it('depends on every package of setup/host-packages that a bake needs, all of which Debian has', () => {
    const field = (name: string) =>
      execFileSync('dpkg-deb', ['--field', deb, name], { encoding: 'utf8' }).trim().split(', ');
    const [, bake = '', network = ''] = readFileSync(join(project, 'setup/host-packages'), 'utf8').split(
      /^# --- .*$/m,
    );
    const named = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    // tar is essential, and Debian's policy forbids a dependency on it.
    const wanted = named(bake).filter((name) => name !== 'tar');
    expect(field('Depends')).toEqual(['nodejs (>= 20.20)', 'python3:any', ...wanted]);
    expect(field('Recommends')).toEqual(named(network));
    const { stdout } = run('apt-cache', ['policy', ...wanted], folder);
    expect(stdout.match(/^ +Candidate: (?!\(none\))/gm)?.length).toBe(wanted.length);
  });

  it('runs from where it is installed, with its manual page and completions', () => {
    const ingot = join(root, 'usr/bin/ingot');
    expect(run(ingot, ['--version'], folder).stdout).toBe(`${toolVersion}\n`);
    const check = run(ingot, ['check', join(root, 'usr/share/ingot/examples/cluster.yaml')], folder);
    expect(check).toMatchObject({ status: 0 });
    expect(run('man', ['-l', join(root, 'usr/share/man/man1/ingot-bake.1.gz')], folder).stdout).toContain(
      'EXIT STATUS',
    );
    for (const file of [
      ...['bash-completion/completions/ingot', 'zsh/vendor-completions/_ingot'],
      ...['fish/vendor_completions.d/ingot.fish', 'doc/ingot/copyright', 'doc/ingot/CHANGELOG.md.gz'],
    ])
      expect(existsSync(join(root, 'usr/share', file)), file).toBe(true);
  });

  it('is the same file if it is built again', async () => {
    const again = join(folder, 'again');
    await mkdir(again);
    const made = run(join(project, 'setup/build-deb'), [again], project);
    expect(made.status, made.stderr).toBe(0);
    expect(readFileSync(made.stdout.trim()).equals(readFileSync(deb))).toBe(true);
  });
});
