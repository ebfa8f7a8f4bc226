import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Host } from '../../../../src/host/host.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { pooledLayer } from '../../../../src/inputs/fetched-layers/layer-pool.ts';
import { findLayers } from '../../../../src/inputs/fetched-layers/locked-layers.ts';
import { lockText } from '../../../../src/inputs/lock/lock-file.ts';
import { rejection } from '../../../samples/temporary.ts';
import { serveGit } from './git-server.ts';
import { LayerBench, putFiles } from './layer-bench.ts';

const files = { 'rootfs/etc/motd': 'hello\n', 'rootfs/opt/tool*': '#!/bin/sh\n', 'README.md': 'about it\n' };
const main = '  - { git: ./site, ref: main }';

describe('a layer from a git repository', () => {
  test('is in the pool with its files, and the lock has its commit; a branch that moves changes nothing', async () => {
    const bench = await LayerBench.open();
    const commit = await bench.commit(files);
    const locked = await bench.fetch(main);
    const [layer] = locked;
    expect(layer).toMatchObject({ name: 'site', commit, files: 2 });
    const tree = pooledLayer(bench.pool, layer?.tree ?? '');
    expect(await readFile(join(tree, 'rootfs/etc/motd'), 'utf8')).toBe('hello\n');
    expect((await stat(join(tree, 'rootfs/opt/tool'))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);

    const lock = await bench.lock(main, locked);
    const newer = await bench.commit({ 'rootfs/etc/motd': 'newer\n' });
    expect(await bench.fetch(main, lock)).toEqual(locked);
    const [updated] = await bench.fetch(main, lock, ['site']);
    expect(updated?.commit).toBe(newer);
    expect(updated?.tree).not.toBe(layer?.tree);
  });

  test('can be a tag, a whole commit id of an old commit, and a folder of the repository', async () => {
    const bench = await LayerBench.open();
    const first = await bench.commit({ 'layers/a/rootfs/etc/a': 'a' });
    await bench.git('tag', '--annotate', '--message=x', 'v1');
    await bench.commit({ 'layers/a/rootfs/etc/a': 'b', 'sub/.gitkeep': '' });
    const [tag] = await bench.fetch('  - { git: ./site, ref: v1, folder: layers/a }');
    const [old] = await bench.fetch(
      `  - { git: 'file://${bench.repository}', ref: ${first}, folder: layers/a/ }`,
    );
    expect(tag).toMatchObject({ name: 'site/layers/a', commit: first });
    expect(old).toEqual(tag);
  });

  test('with a wrong ref, folder or repository is an error at its place in the spec', async () => {
    const bench = await LayerBench.open();
    await bench.commit(files);
    const layers = [
      '  - { git: ./site, ref: v9 }',
      '  - { git: ./site, ref: main, folder: none }',
      '  - { git: ./nowhere, ref: main }',
      `  - { git: ./site, ref: ${'a'.repeat(40)}, name: gone }`,
    ];
    const error = await rejection(bench.fetch(layers.join('\n').replace('none', 'none, name: b')));
    expect(error.code).toBe('wrong-layer');
    for (const [place, what] of [
      ['7:5', `the layer site: ${bench.repository} has no ref v9`],
      ['8:5', `the layer b: ${bench.repository} has no folder none at main`],
      ['9:5', `the layer nowhere: ${bench.folder}/nowhere: there is no such repository`],
      ['10:5', `the layer gone: ${bench.repository} has no commit aaaa`],
    ])
      expect(error.message).toContain(`cluster.yaml:${place ?? ''}: ${what ?? ''}`);
    expect(existsSync(join(bench.pool, 'layers'))).toBe(false);
  });

  test('comes with its stored bytes: no hook, filter or attribute of a repository or of this machine is used', async () => {
    const bench = await LayerBench.open();
    const home = join(bench.folder, 'home');
    const trace = join(bench.folder, 'was-run');
    await putFiles(home, { 'hooks/reference-transaction*': `#!/bin/sh\ntouch ${trace}\n` });
    await bench.commit({
      ...{
        '.gitattributes':
          '*.conf filter=evil ident text eol=crlf\nhidden export-ignore\nsubst export-subst\n',
      },
      ...{ 'rootfs/etc/a.conf': '$Id$\n', 'rootfs/etc/hidden': 'x', 'rootfs/etc/subst': '$Format:%H$' },
    });
    await writeFile(
      join(home, '.gitconfig'),
      `[core]\n\thooksPath = ${home}/hooks\n\tautocrlf = true\n[filter "evil"]\n\tsmudge = touch ${trace}; cat\n\trequired = true\n`,
    );
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());
    const [layer] = await bench.fetch(main);
    const etc = join(pooledLayer(bench.pool, layer?.tree ?? ''), 'rootfs/etc');
    expect(await readFile(join(etc, 'a.conf'), 'utf8')).toBe('$Id$\n');
    expect(await readFile(join(etc, 'subst'), 'utf8')).toBe('$Format:%H$');
    expect(await readdir(etc)).toContain('hidden');
    expect(existsSync(trace)).toBe(false);
  });

  test('with a submodule, a pointer of Git LFS, or a link that leads out is refused with its name', async () => {
    const bench = await LayerBench.open();
    const commit = await bench.commit(files);
    await bench.git('update-index', '--add', '--cacheinfo', `160000,${commit},rootfs/opt/sub`);
    await bench.git('commit', '--quiet', '--message=x');
    expect((await rejection(bench.fetch(main))).message).toContain('rootfs/opt/sub is a submodule');
    await bench.git('rm', '--quiet', '--cached', 'rootfs/opt/sub');
    await bench.commit({
      'rootfs/opt/big': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
    });
    expect((await rejection(bench.fetch(main))).message).toContain('rootfs/opt/big is a pointer of Git LFS');
    await bench.git('rm', '--quiet', 'rootfs/opt/big');
    await makeHost().run('ln', ['-s', '/etc/shadow', join(bench.repository, 'image.yaml')]);
    await bench.commit({});
    expect((await rejection(bench.fetch(main))).message).toContain('the link image.yaml -> "/etc/shadow"');
  });
});

describe('credentials in a git URL', () => {
  test('reach the server, and no argument, environment, line, lock or error', async () => {
    const calls: string[] = [];
    const real = makeHost();
    const host: Host = {
      ...real,
      run: (program, args, options) => {
        calls.push(JSON.stringify([program, args, options?.env, options?.input]));
        return real.run(program, args, options);
      },
    };
    const bench = await LayerBench.open(host);
    await bench.commit(files);
    await bench.git('clone', '--quiet', '--bare', '.', join(bench.folder, 'site.git'));
    const server = await serveGit(bench.folder, 'bot:horse%battery');
    onTestFinished(() => server.close());
    const layers = (password: string) =>
      `  - { git: 'http://bot:${password}@${server.host}/site.git', ref: main }`;
    const locked = await bench.fetch(layers('horse%25battery'));
    expect(locked[0]?.name).toBe('site');
    expect(server.welcome()).toBeGreaterThan(0);
    const lock = await bench.lock(layers('horse%25battery'), locked);
    expect(lock.question.layers?.[0]?.git).toBe(`http://${server.host}/site.git`);
    const error = await rejection(bench.fetch(layers('horse-other'), undefined));
    expect(error.code).toBe('wrong-layer');
    expect(error.message).toContain('the server requires a login');
    // Another password is the same repository: the lock still answers.
    expect(await bench.fetch(layers('changed'), lock)).toEqual(locked);
    const said = [
      ...calls,
      ...bench.lines,
      lockText(lock),
      error.message,
      error.hint ?? '',
      ...error.excerpt,
    ];
    expect(said.join('\n')).not.toContain('horse');
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);
  });

  test('are not given to a server that does not answer, which is a failure of the network', async () => {
    const bench = await LayerBench.open();
    const server = await serveGit(bench.folder);
    await server.close();
    const error = await rejection(bench.fetch(`  - { git: 'http://${server.host}/site.git', ref: main }`));
    expect(error.code).toBe('unreachable-source');
  });
});

describe('without a network', () => {
  const find = async (bench: LayerBench, layers: string, lock?: Awaited<ReturnType<LayerBench['lock']>>) => {
    const { loaded, spec } = await bench.read(layers);
    return await findLayers(loaded, spec, { lock, pool: () => bench.pool });
  };

  test('the pool is enough; a changed, a missing and an unlocked layer name the command that fetches them', async () => {
    const bench = await LayerBench.open();
    await bench.commit(files);
    const locked = await bench.fetch(main);
    const lock = await bench.lock(main, locked);
    const folder = pooledLayer(bench.pool, locked[0]?.tree ?? '');
    expect((await find(bench, main, lock)).folders.get(0)).toBe(folder);

    const other = await rejection(find(bench, '  - { git: ./site, ref: v2 }', lock));
    expect(other.code).toBe('wrong-lock');
    expect(other.excerpt).toEqual(['layers: + site: ./site v2', 'layers: - site: ./site main']);
    expect(other.hint).toBe(`run: ingot lock ${bench.specFile}`);

    await writeFile(join(folder, 'rootfs/etc/motd'), 'changed\n');
    const changed = await rejection(find(bench, main, lock));
    expect(changed.code).toBe('wrong-pool');
    expect(changed.excerpt).toEqual([`the layer site has other files than the lock says: ${folder}`]);
    expect(changed.hint).toContain(`ingot lock ${bench.specFile}`);
    // The same command mends it, also after the branch has moved on.
    await bench.commit({ 'rootfs/etc/motd': 'newer\n' });
    expect(await bench.fetch(main, lock)).toEqual(locked);
    expect(await readFile(join(folder, 'rootfs/etc/motd'), 'utf8')).toBe('hello\n');
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);
  });

  test('what a killed lock left in the pool is removed by the next', async () => {
    const bench = await LayerBench.open();
    await bench.commit(files);
    await mkdir(join(bench.pool, 'partial/999999999-layer-0/tree'), { recursive: true });
    await bench.fetch(main);
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);
  });

  test('a commit with other files than the lock has fixed is refused', async () => {
    const bench = await LayerBench.open();
    await bench.commit(files);
    const [layer] = await bench.fetch(main);
    const lock = await bench.lock(main, layer === undefined ? [] : [{ ...layer, tree: 'a'.repeat(64) }]);
    const error = await rejection(bench.fetch(main, lock));
    expect(error.message).toContain('are not those that the lock has fixed');
  });
});
