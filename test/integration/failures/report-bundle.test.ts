import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { report } from '../../../src/cli/report/run.ts';
import { secretValues } from '../../../src/failures/bundle/known-values.ts';
import { readLogs } from '../../../src/failures/bundle/read-logs.ts';
import { writeBundle } from '../../../src/failures/bundle/write-bundle.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { plantedSecret, realKey, secretKinds } from '../../samples/planted-secrets.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

/** A store with one failed run, and a spec next to it. */
async function failedStore(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly folder: string; readonly logs: string }> {
  const folder = await temporaryFolder();
  const logs = join(folder, 'out/runs/20261130T063105Z-IPBMWu/logs');
  for (const [name, text] of Object.entries({ 'failure.json': '{}', ...files })) {
    mkdirSync(dirname(join(logs, name)), { recursive: true });
    writeFileSync(join(logs, name), text);
  }
  writeFileSync(join(folder, 'cluster.yaml'), 'cluster: demo\n');
  return { folder, logs };
}

/** Unpacks an archive; returns its files by path, without the folder that holds all of them. */
async function unpack(file: string): Promise<ReadonlyMap<string, string>> {
  const folder = await temporaryFolder();
  execFileSync('tar', ['--extract', '--file', file, '--directory', folder]);
  const top = join(folder, readdirSync(folder)[0] ?? '');
  const paths = readdirSync(top, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(top, path)).isFile())
      .map((path) => [path, readFileSync(join(top, path), 'latin1')]),
  );
}

async function reported(folder: string, more: Record<string, string | undefined> = {}) {
  const { world, out, err } = fakeWorld({ cwd: folder, env: more });
  const exit = await report(world, {
    spec: 'cluster.yaml',
    bundle: 'report.tar.gz',
    out: 'out',
    run: undefined,
  });
  return { exit, out: out(), err: err(), files: await unpack(join(folder, 'report.tar.gz')) };
}

describe('an archive for a bug report', () => {
  it('has the spec, its lock, versions, facts of the machine and the logs, and says so; only its owner reads it', async () => {
    const { folder } = await failedStore({ 'packer.log': 'a\n', 'rendered/packer/cluster.pkr.hcl': 'b\n' });
    writeFileSync(join(folder, 'cluster.lock.json'), '{"format":1}\n');
    const { exit, out, files } = await reported(folder);
    expect(exit).toBe(0);
    expect(out).toBe(`${join(folder, 'report.tar.gz')}\n`);
    for (const path of ['cluster.yaml', 'cluster.lock.json', 'versions.json', 'host.json', 'README.txt'])
      expect([...files.keys()]).toContain(path);
    expect(files.get('logs/packer.log')).toBe('a\n');
    expect(files.get('logs/rendered/packer/cluster.pkr.hcl')).toBe('b\n');
    expect(files.get('README.txt')).toContain('logs/packer.log');
    expect(JSON.parse(files.get('host.json') ?? '')).toHaveProperty('memoryMiB.total');
    expect(JSON.parse(files.get('versions.json') ?? '')).toHaveProperty('ingot');
    expect(statSync(join(folder, 'report.tar.gz')).mode & 0o777).toBe(0o600);
  });

  it('is written for a store without runs, and without a spec', async () => {
    const folder = await temporaryFolder();
    const { world, err } = fakeWorld({ cwd: folder });
    expect(await report(world, { spec: undefined, bundle: 'r.tar.gz', out: 'out', run: undefined })).toBe(0);
    expect(err()).toContain('the store has no run');
  });

  it('replaces no file, and leaves none behind where it cannot be written', async () => {
    const { folder } = await failedStore({});
    writeFileSync(join(folder, 'mine'), 'precious');
    const { world } = fakeWorld({ cwd: folder });
    const wanted = { spec: 'cluster.yaml', out: 'out', run: undefined };
    await expect(report(world, { ...wanted, bundle: 'mine' })).rejects.toMatchObject({ code: 'wrong-usage' });
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('precious');
    await expect(report(world, { ...wanted, bundle: 'no/such/r.tar.gz' })).rejects.toMatchObject({
      code: 'unusable-folder',
    });
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('names the runs there are if the run is not there', async () => {
    const { folder } = await failedStore({});
    const { world } = fakeWorld({ cwd: folder });
    const wrong = report(world, { spec: undefined, bundle: 'r.tar.gz', out: 'out', run: 'other' });
    await expect(wrong).rejects.toMatchObject({
      hint: expect.stringContaining('20261130T063105Z-IPBMWu') as string,
    });
  });

  it('does not follow links, and leaves out what is not text', async () => {
    const { folder, logs } = await failedStore({ 'disk.raw': 'a\0b' });
    execFileSync('ln', ['-s', '/etc/shadow', join(logs, 'link.log')]);
    const { files, err } = await reported(folder);
    expect([...files.keys()].filter((path) => /link|disk/.test(path))).toEqual([]);
    expect(err).toContain('left out: logs/disk.raw: it is not text');
  });
});

describe('no secret is in the archive', () => {
  const contains = (files: ReadonlyMap<string, string>, secret: string) =>
    [...files].filter(([path, text]) => path.includes(secret) || text.includes(secret)).map(([path]) => path);

  it('property: whatever its kind, the file and what is around it', async () => {
    const names = ['packer.log', 'console-slave.log', 'plan.json', 'rendered/node/slave/etc/site.conf'];
    const plant = fc.record({
      secret: plantedSecret,
      kind: fc.constantFrom(...secretKinds),
      name: fc.constantFrom(...names),
      before: fc.string(),
      after: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(plant, { minLength: 1, maxLength: 8 }), async (plants) => {
        const texts: Record<string, string> = {};
        for (const { secret, kind, name, before, after } of plants)
          texts[name] = `${texts[name] ?? ''}${before}\n${kind[1](secret)}\n${after}\n`;
        const { folder, logs } = await failedStore(texts);
        const content = { ...(await readLogs(logs)), secrets: [] };
        const file = join(folder, 'report.tar.gz');
        await writeBundle(makeHost(), content, file);
        const files = await unpack(file);
        for (const { secret } of plants) expect(contains(files, secret)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('of this machine: the signing key, logins of apt and the proxy, wherever a log repeats them', async () => {
    const key = realKey();
    const [line = ''] = key.split('\n').filter((one) => !one.startsWith('---'));
    const etc = await temporaryFolder();
    mkdirSync(join(etc, 'auth.conf.d'));
    writeFileSync(join(etc, 'auth.conf.d/site.conf'), 'machine h login u password Xk7fQ2mPz9\n');
    const env = { INGOT_SIGNING_KEY: key, https_proxy: 'http://u:Pr0xyPass9@proxy:3128' };
    const spec = 'source: { url: https://u:Sp3cPass99@h/ }\n';
    const secrets = await secretValues(env, spec, etc);
    const { folder, logs } = await failedStore({
      'packer.log': `it printed ${line}, Xk7fQ2mPz9, Pr0xyPass9 and Sp3cPass99 (${Buffer.from('Pr0xyPass9').toString('base64')})\n`,
    });
    const file = join(folder, 'report.tar.gz');
    await writeBundle(makeHost(), { ...(await readLogs(logs)), secrets }, file);
    const files = await unpack(file);
    for (const secret of [line, 'Xk7fQ2mPz9', 'Pr0xyPass9', 'Sp3cPass99', 'UHIweHlQYXNzOQ'])
      expect(contains(files, secret)).toEqual([]);
    expect(files.get('logs/packer.log')).toMatch(/^it printed \*\*\*, \*\*\*, \*\*\* and \*\*\*/);
  });

  it('of the environment: its variables are not in the facts of the machine', async () => {
    const { folder } = await failedStore({});
    const { files } = await reported(folder, { INGOT_SIGNING_KEY: realKey(), MY_TOKEN: 'tok3ntok3ntok3n' });
    expect(JSON.parse(files.get('host.json') ?? '')).toMatchObject({
      variables: { INGOT_SIGNING_KEY: '(set)' },
    });
    expect(contains(files, 'tok3ntok3ntok3n')).toEqual([]);
    expect(contains(files, 'PRIVATE KEY')).toEqual([]);
  });
});
