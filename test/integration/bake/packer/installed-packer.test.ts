import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedPacker, pluginFolder, readyPacker } from '../../../../src/bake/packer/installed-packer.ts';
import type { Host } from '../../../../src/host/host.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

/** A host whose packer is a program that prints this. */
async function hostWith(printed: string): Promise<Host> {
  const program = join(await temporaryFolder(), 'packer');
  await writeFile(program, `#!/bin/sh\ncat <<'END'\n${printed}\nEND\n`);
  await chmod(program, 0o755);
  const host = makeHost();
  return {
    ...host,
    run: (name, args, options) => host.run(name === 'packer' ? program : name, args, options),
  };
}

const plugin = 'packer-plugin-qemu_v1.1.4_x5.0_linux_amd64';

async function folderWith(...files: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'github.com/hashicorp/qemu'), { recursive: true });
  for (const file of files) await writeFile(join(folder, 'github.com/hashicorp/qemu', file), '');
  return folder;
}

describe('the Packer of this host', () => {
  test('is the real one of Debian 12: it needs no plugin, and gets no folder of plugins', async () => {
    const { version, release } = await installedPacker(makeHost());
    expect([version, release.qemu]).toEqual(['1.6.6', undefined]);
    expect((await readyPacker(makeHost(), { HOME: '/home/somebody' })).env).toEqual({});
  });

  test('is refused if it is another program of this name', async () => {
    const error = await rejection(installedPacker(await hostWith('0 words loaded')));
    expect(error).toMatchObject({ code: 'host-not-ready' });
    expect(error.message).toContain('does not say which version of Packer it is');
    expect(error.excerpt).toContain('0 words loaded');
  });

  test('is refused if it is too old', async () => {
    const error = await rejection(installedPacker(await hostWith('Packer v1.5.6')));
    expect(error.message).toContain('this Packer is 1.5.6');
    expect(error.hint).toContain('1.6.6');
  });

  test('newer than 1.7 builds with its plugin of exactly this version, and its digest next to it', async () => {
    const host = await hostWith('Packer v1.14.2');
    const folder = await folderWith(plugin, `${plugin}_SHA256SUM`);
    const ready = await readyPacker(host, { PACKER_PLUGIN_PATH: folder, HOME: '/home/somebody' });
    expect(ready.env).toEqual({ PACKER_PLUGIN_PATH: folder });
    expect(ready.release.qemu).toEqual({ source: 'github.com/hashicorp/qemu', version: '1.1.4' });
  });

  test.each([
    ['no file', []],
    ['no digest', [plugin]],
    [
      'another version',
      [
        'packer-plugin-qemu_v1.1.40_x5.0_linux_amd64',
        'packer-plugin-qemu_v1.1.40_x5.0_linux_amd64_SHA256SUM',
      ],
    ],
  ])(
    'without its plugin (%s) says which commands install it, with and without internet',
    async (_, files) => {
      const folder = await folderWith(...files);
      const error = await rejection(
        readyPacker(await hostWith('Packer v1.14.2'), { PACKER_PLUGIN_PATH: folder }),
      );
      expect(error.message).toBe(
        `Packer 1.14.2 needs its plugin github.com/hashicorp/qemu 1.1.4, which is not in ${folder}`,
      );
      expect(error.hint).toBe(
        'packer plugins install github.com/hashicorp/qemu 1.1.4; without internet: packer plugins install --path FILE github.com/hashicorp/qemu',
      );
    },
  );
});

test.each([
  [{ PACKER_PLUGIN_PATH: '/p', PACKER_CONFIG_DIR: '/c', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/p'],
  [{ PACKER_CONFIG_DIR: '/c', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/c/.packer.d/plugins'],
  [{ PACKER_PLUGIN_PATH: '', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/packer/plugins'],
  [{ HOME: '/h' }, '/h/.config/packer/plugins'],
  [{}, undefined],
])('the folder of plugins follows %j', (env, folder) => {
  expect(pluginFolder(env)).toBe(folder);
});

test('an old folder in the home is used before the one of today, as Packer does', async () => {
  const home = await temporaryFolder();
  const env = { HOME: home, XDG_CONFIG_HOME: '/x' };
  expect(pluginFolder(env)).toBe('/x/packer/plugins');
  await mkdir(join(home, '.packer.d'));
  expect(pluginFolder(env)).toBe(join(home, '.packer.d', 'plugins'));
});

test('of several folders any may have the plugin', async () => {
  const folder = await folderWith(plugin, `${plugin}_SHA256SUM`);
  const env = { PACKER_PLUGIN_PATH: `${await temporaryFolder()}:${folder}` };
  expect((await readyPacker(await hostWith('Packer v1.8.6'), env)).env).toEqual(env);
});
