import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { signedByOf } from '../../../../src/inputs/apt/signed-by.ts';
import { aptSourcesFile } from '../../../../src/inputs/plan/apt-sources-file.ts';
import type { AptSource } from '../../../../src/inputs/plan/plan.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

test('the real apt reads the sources of a plan as they were meant', async () => {
  const folder = await temporaryFolder();
  const sources: AptSource[] = [
    {
      uris: ['http://a.example/debian/', 'http://b.example/debian/'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main', 'contrib'],
      signedBy: '/k/archive.gpg',
    },
    { uris: ['copy:/a/b'], suites: ['./'], components: [], trusted: true },
  ];
  const file = join(folder, 'apt.sources');
  await writeFile(file, aptSourcesFile(sources));
  const fields = ['REPO_URI', 'RELEASE', 'COMPONENT', 'CREATED_BY', 'ARCHITECTURE'];
  const { stdout, stderr } = await makeHost().run('apt-get', [
    'indextargets',
    '--no-release-info',
    ...['--option', `Dir::Etc::sourcelist=${file}`, '--option', 'Dir::Etc::sourceparts=/nonexistent'],
    ...['--option', 'Dir::State::lists=/nonexistent', '--option', 'APT::Architecture=amd64'],
    ...['--option', 'APT::Architectures=amd64'],
    ...['--format', fields.map((field) => `$(${field})`).join('|')],
  ]);
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => line.includes('|Packages|'));
  // In addition to the architecture, apt looks for packages of architecture all.
  const targets = lines.filter((line) => !line.endsWith('|all')).map((line) => line.split('|').slice(0, 3));
  const expected = sources[0]?.uris.flatMap((uri) =>
    ['bookworm', 'bookworm-updates'].flatMap((suite) => ['main', 'contrib'].map((one) => [uri, suite, one])),
  );
  expect(targets.filter(([uri]) => uri !== 'copy:/a/b/').map((target) => target.slice(0, 3))).toEqual(
    expected,
  );
  const flat = targets.filter(([uri]) => uri === 'copy:/a/b/').map((target) => target.slice(0, 2));
  expect(flat).toEqual([['copy:/a/b/', './']]);
  // apt does not report the key with its targets.
  const text = await readFile(file, 'utf8');
  expect(signedByOf(text, 1, 'sources')).toBe('/k/archive.gpg');
  expect(signedByOf(text, 2, 'sources')).toBe(undefined);
});

test('the real apt reads a trusted source of ours without a signature, and no other', async () => {
  const folder = await temporaryFolder();
  for (const name of ['repository', 'lists/partial', 'cache'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'repository', 'Packages'), '');
  const update = async (more: Pick<AptSource, 'trusted'>) => {
    const file = join(folder, 'apt.sources');
    const source = { uris: [`copy:${folder}/repository`], suites: ['./'], components: [], ...more };
    await writeFile(file, aptSourcesFile([source]));
    const settings = [
      ...[`Dir::State::lists=${folder}/lists`, `Dir::Cache=${folder}/cache`],
      ...[`Dir::Etc::sourcelist=${file}`, 'Dir::Etc::sourceparts=/nonexistent'],
    ];
    const options = settings.flatMap((setting) => ['--option', setting]);
    return makeHost().run('apt-get', ['update', '--error-on=any', ...options], { accept: [0, 100] });
  };
  expect((await update({ trusted: true })).exitCode).toBe(0);
  const refused = await update({});
  expect(refused.exitCode).toBe(100);
  expect(refused.stderr).toContain('does not have a Release file');
});
