import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { stageOverlay } from '../../../../src/bake/compose/stage-overlay.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sha256File } from '../../../../src/host/sha256-file.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

let folder: string;
let overlay: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  overlay = join(folder, 'overlay');
});

/** Makes a rootfs folder with a shell script that runs in it. */
async function layer(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await makeHost().run('sh', ['-euc', script], { cwd: path });
  return path;
}

const mode = async (path: string) => ((await lstat(join(overlay, path))).mode & 0o7777).toString(8);
const text = (path: string) => readFile(join(overlay, path), 'utf8');

describe('the files of a role', () => {
  test.each([0o000, 0o077])(
    'have the usual modes whatever the umask (%o) and the check-out; only the execute bit counts',
    async (mask) => {
      const before = process.umask(mask);
      onTestFinished(() => void process.umask(before));
      const rootfs = await layer(
        'rootfs',
        'mkdir -p usr/bin etc; echo x > usr/bin/tool; echo x > etc/conf; chmod 700 usr usr/bin usr/bin/tool; chmod 600 etc/conf; chmod 777 etc',
      );
      await stageOverlay([rootfs], [{ path: '/srv/a/secret', mode: '0640', content: 'ä\n' }], overlay);
      const modes = ['', 'usr', 'usr/bin', 'usr/bin/tool', 'etc', 'etc/conf', 'srv/a', 'srv/a/secret'].map(
        mode,
      );
      expect(await Promise.all(modes)).toEqual(['755', '755', '755', '755', '755', '644', '755', '640']);
      expect(await text('srv/a/secret')).toBe('ä\n');
    },
  );

  test('of a later layer replace earlier ones, and placed files replace all', async () => {
    const one = await layer('one', 'echo 1 > a; echo 1 > b; echo 1 > c; mkdir d; echo 1 > d/kept');
    const two = await layer('two', 'echo 2 > b; echo 2 > c; chmod +x b; mkdir d; echo 2 > d/more');
    await stageOverlay([one, two], [{ path: '/c', mode: '4755', content: '3\n' }], overlay);
    expect(await Promise.all(['a', 'b', 'c', 'd/kept', 'd/more'].map(text))).toEqual([
      '1\n',
      '2\n',
      '3\n',
      '1\n',
      '2\n',
    ]);
    expect([await mode('b'), await mode('c')]).toEqual(['755', '4755']);
  });

  test('may be links, which stay links', async () => {
    const one = await layer('one', 'ln -s /etc/nowhere link; ln -s a rel; echo 1 > a');
    await stageOverlay([one], [], overlay);
    expect(await readlink(join(overlay, 'link'))).toBe('/etc/nowhere');
    expect(await readlink(join(overlay, 'rel'))).toBe('a');
  });

  test('of a later layer replace another kind of file: a folder a link, a file a folder, a link a file', async () => {
    const outside = await layer('outside', 'echo host > kept');
    const one = await layer(
      'one',
      `ln -s '${outside}' a; mkdir b; echo 1 > b/gone; echo 1 > c; ln -s '${outside}' e`,
    );
    const two = await layer('two', 'mkdir a; echo 2 > a/new; echo 2 > b; ln -s a c');
    const placed = [{ path: '/e/new', mode: '0644', content: '3\n' }];
    await stageOverlay([one, two], placed, overlay);
    expect([await text('a/new'), await text('b'), await text('e/new')]).toEqual(['2\n', '2\n', '3\n']);
    expect(await readlink(join(overlay, 'c'))).toBe('a');
    // Nothing was written through the link to the build host.
    expect(await readdir(outside)).toEqual(['kept']);
  });

  test('of the images in this repository can be combined', async () => {
    const images = new URL('../../../../images/', import.meta.url).pathname;
    const tools = new URL('../../../../node-tools/', import.meta.url).pathname;
    const ofTools = ['ingot_node', 'initrd', 'programs/common'].map((name) => join(tools, name));
    await stageOverlay(
      [join(images, 'common/rootfs'), ...ofTools, join(images, 'master/rootfs')],
      [],
      overlay,
    );
    expect(await mode('usr/lib/ingot/identity')).toBe('755');
    expect(await text('usr/lib/ingot/identity')).toMatch(/^#!.*python3/);
    expect(await text('usr/lib/ingot/ingot_node/cluster_config.py')).toContain('def files(');
    expect(await mode('usr/lib/ingot/ingot_node/drift')).toBe('755');
    expect(await text('usr/lib/ingot/initrd/say.sh')).toContain('ingot_refuse');
  });
});

describe('a file of the spec that is not text', () => {
  const content = '(3 bytes)\n';

  test('has its own bytes on the node, and the mode of the spec', async () => {
    const from = join(folder, 'blob');
    await writeFile(from, Buffer.from([0xff, 0xfe, 0]));
    const binary = { from, sha256: await sha256File(from), size: 3 };
    await stageOverlay([], [{ path: '/opt/blob', mode: '0755', content, binary }], overlay);
    expect([...(await readFile(join(overlay, 'opt/blob')))]).toEqual([0xff, 0xfe, 0]);
    expect(await mode('opt/blob')).toBe('755');
  });

  test('that has changed since the plan was made stops the bake, because the keys have its digest', async () => {
    const from = join(folder, 'blob');
    await writeFile(from, 'a');
    const binary = { from, sha256: '0'.repeat(64), size: 1 };
    const work = stageOverlay([], [{ path: '/opt/blob', mode: '0644', content, binary }], overlay);
    expect((await rejection(work)).message).toContain('has changed since the bake began');
  });
});
