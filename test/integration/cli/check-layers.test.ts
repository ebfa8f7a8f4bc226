import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import type { Plan } from '../../../src/inputs/plan/plan.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const build = join(project, 'stand-ins/build');
const head = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: { deb: ${build}/mesos_1.9.0-1.standin1_all.deb }
marathon: { deb: ${build}/marathon_1.11.24-1.standin1_all.deb }
base: { mirror: { url: 'file:///nowhere', trusted: true } }
`;

type Files = Readonly<Record<string, string>>;

/** A folder with these files, and a spec with these lines from line 6. */
async function siteOf(lines: string, files: Files): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'cluster.yaml'), `${head}${lines}\n`);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

async function check(folder: string, ...more: string[]): Promise<string> {
  const { world, out } = fakeWorld({ cwd: folder });
  await commandLine(world, ['check', join(folder, 'cluster.yaml'), ...more]);
  return out();
}

/** The headlines and remedies of what is wrong with a site. */
async function refused(lines: string, files: Files, code = 'wrong-layer'): Promise<string[]> {
  const error = await rejection(check(await siteOf(lines, files)));
  expect(error.code, error.message).toBe(code);
  return error.message
    .split('\n')
    .flatMap(
      (line) => /cluster\.yaml:(\d+:\d+: .*)|^ {2}(right: .*)/.exec(line)?.slice(1).filter(Boolean) ?? [],
    );
}

const chrony = 'rootfs/etc/chrony/chrony.conf';

describe('a layer that overwrites a file', () => {
  test('of ours by accident is refused, and both files are named', async () => {
    expect(await refused('layers: [./site]', { [`site/${chrony}`]: 'x' })).toEqual([
      `6:10: site/${chrony} replaces images/common/${chrony}`,
      "right: another path; or replace: true next to path: site, if the layer's file is meant to win",
    ]);
  });

  test('on purpose is accepted, and ingot check shows what it replaces', async () => {
    const folder = await siteOf('layers: [{path: ./site, replace: true}]', { [`site/${chrony}`]: 'x' });
    expect(await check(folder)).toContain('your layers       site (every node): 1 file\n');
    expect(await check(folder, '--verbose')).toContain(
      `/etc/chrony/chrony.conf, replaces images/common/${chrony}\n`,
    );
  });

  test('of an earlier layer is refused; so is a file below a file, or in place of a folder', async () => {
    const files = {
      'a/rootfs/opt/x': '',
      'b/rootfs/opt/x': '',
      'c/rootfs/opt/x/y': '',
      'd/rootfs/etc/chrony': '',
    };
    expect(await refused('layers: [a, b, c, d]', files)).toEqual([
      '6:13: b/rootfs/opt/x replaces a/rootfs/opt/x',
      "right: another path; or replace: true next to path: b, if the layer's file is meant to win",
      '6:16: c/rootfs/opt/x/y is below /opt/x, which is the file b/rootfs/opt/x',
      'right: another path',
      '6:19: d/rootfs/etc/chrony takes the place of the folder /etc/chrony',
      'right: a file in it, such as /etc/chrony/NAME',
    ]);
  });

  test.each(['rootfs/usr/lib/ingot/state-prepare', 'rootfs/etc/passwd', 'rootfs/usr/lib/ingot/own'])(
    'that every node depends on is refused even with replace: true: %s',
    async (path) => {
      const [what] = await refused('layers: [{path: site, replace: true}]', { [`site/${path}`]: 'x' });
      expect(what).toMatch(new RegExp(`^6:\\d+: site/${path} must not be written by a layer: `));
    },
  );
});

test('a layer may add to the folders of ingot that are meant for it', async () => {
  const own = ['check/x', 'compose.d/80-x', 'drift.d/80-x.conf', 'status.d/80-x.conf', 'units.d/80-x.conf'];
  const files = Object.fromEntries(own.map((name) => [`site/rootfs/usr/lib/ingot/${name}`, '']));
  expect(await check(await siteOf('layers: [site]', files))).toContain('site (every node): 5 files');
});

test('a set-user-id file in a layer is named', async () => {
  const folder = await siteOf('layers: [site]', { 'site/rootfs/opt/tool': 'x' });
  await chmod(join(folder, 'site/rootfs/opt/tool'), 0o4755);
  const error = await rejection(check(folder));
  expect([error.code, error.message]).toEqual([
    'wrong-layer',
    expect.stringContaining('site/rootfs/opt/tool has set-user-id'),
  ]);
});

test('everything that is wrong with layers is reported at once, with the line of the layer', async () => {
  const files = {
    'a/rootsfs/x': '',
    'b/README.md': '',
    'c/rootfs/lib/x': '',
    'd/templates/node/release.json.hb': '',
    'e/slave/image.yaml': '',
    f: 'a file',
  };
  const lines = 'layers:\n  - a\n  - b\n  - c\n  - d\n  - {path: e, role: slave}\n  - f\n  - g';
  const said = (await refused(lines, files)).filter((line) => !line.startsWith('right: '));
  expect(said).toEqual([
    expect.stringMatching(/^7:5: a\/rootsfs does not belong to a layer.*did you mean rootfs\?$/),
    expect.stringMatching(/^7:5: a is empty/),
    expect.stringMatching(/^8:5: b is empty/),
    '9:5: c/rootfs/lib/x is /usr/lib/x on a node',
    '10:5: d/templates/node/release.json.hb replaces no template of ingot',
    '11:5: e is for the slave only, and has the folder slave/',
    '12:5: f is not a folder',
    '13:5: g does not exist',
  ]);
});

test('a layer without its folder, and one that is listed twice, are errors of the spec', async () => {
  const said = await refused('layers:\n  - site\n  - {path: ./site/}\n  - {role: slave}', {}, 'wrong-spec');
  expect(said[0]).toMatch(/^8:5: the layer site is listed twice/);
  expect(said.join('\n')).toContain('9:5: a layer without its folder');
});

describe('templates of a layer', () => {
  const path = 'templates/node/60-cluster-sysctl.conf.hbs';

  test('replace ours, and ingot render shows the result', async () => {
    const folder = await siteOf('layers: [site]', { [`site/${path}`]: '# of the site\n' });
    const { world } = fakeWorld({ cwd: folder });
    await commandLine(world, ['render', join(folder, 'cluster.yaml'), '--out', join(folder, 'rendered')]);
    const text = await readFile(join(folder, 'rendered/node/slave/etc/sysctl.d/60-cluster.conf'), 'utf8');
    expect(text).toBe('# of the site\n');
  });

  test('have the same checks as ours, with line and column of their own file', async () => {
    const folder = await siteOf('layers: [site]', { [`site/${path}`]: 'x\n{{line nothing}}\n' });
    const error = await rejection(check(folder));
    expect(error.code).toBe('wrong-template');
    expect(error.message).toMatch(new RegExp(`^site/${path}:2:\\d+: `));
    const raw = await siteOf('layers: [site]', { [`site/${path}`]: '{{role}}\n' });
    expect((await rejection(check(raw))).message).toContain('without a quoting helper');
  });
});

describe('files of the spec', () => {
  test('may be folders and need not be text: the plan has the digest of their bytes', async () => {
    const lines =
      'common:\n  files:\n    - {path: /opt/agent, from: agent}\n    - {path: /opt/blob, from: blob}';
    const folder = await siteOf(lines, { 'agent/bin/run': '#!/bin/sh\n', 'agent/conf': 'a' });
    await chmod(join(folder, 'agent/bin/run'), 0o755);
    await writeFile(join(folder, 'blob'), Buffer.from([0xff, 0xfe, 0]));
    const plan = JSON.parse(await check(folder, '--json')) as Plan;
    const files = plan.roles[0]?.files.map(({ path, mode, binary }) => [path, mode, binary?.size]);
    expect(files).toEqual([
      ['/opt/agent/bin/run', '0755', undefined],
      ['/opt/agent/conf', '0644', undefined],
      ['/opt/blob', '0644', 3],
    ]);
    expect(plan.roles[0]?.files[2]?.binary?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a file of a folder that is also named itself, and one where no image has a file, are refused', async () => {
    const lines =
      'common:\n  files:\n    - {path: /opt/a, from: agent}\n    - {path: /opt/a/conf, content: b}\n    - {path: /run, from: agent}';
    const said = await refused(lines, { 'agent/conf': 'a' }, 'wrong-spec');
    expect(said.join('\n')).toMatch(/9:14: \/opt\/a\/conf is a file of another entry too/);
    expect(said.join('\n')).toMatch(/10:14: \/run\/conf is removed when the image is sealed/);
  });

  test('a link and a set-user-id file in a folder are named', async () => {
    const folder = await siteOf('common: {files: [{path: /opt/a, from: agent}]}', { 'agent/tool': 'a' });
    await symlink('tool', join(folder, 'agent/link'));
    await chmod(join(folder, 'agent/tool'), 0o4755);
    const { message } = await rejection(check(folder));
    expect(message).toContain('agent/link is a link');
    expect(message).toContain('agent/tool has set-user-id');
  });
});
