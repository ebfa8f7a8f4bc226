import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { project } from '../built-ingot.ts';

const script = join(project, 'images/common/rootfs/usr/lib/ingot/compose.d/10-locale');

/**
 * Runs the script with this /etc/locale.gen and an empty folder of locales; returns the content of the folder
 * afterwards.
 */
async function made(localeGen: string) {
  const file = join(await temporaryFolder(), 'locale.gen');
  await writeFile(file, localeGen);
  const inside =
    'mount -t tmpfs tmpfs /usr/lib/locale; mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work overlay /etc; cp "$1" /etc/locale.gen; sh "$2" && ls /usr/lib/locale';
  const run = spawnSync('unshare', ['--mount', 'sh', '-c', inside, 'sh', file, script], { encoding: 'utf8' });
  return { status: run.status, locales: run.stdout.split('\n').filter(Boolean), said: run.stderr };
}

describe('locales of an image', () => {
  test('are en_US.UTF-8 and those that /etc/locale.gen names, in the folders that locale-gen would create', async () => {
    const { status, locales } = await made(
      'de_DE.UTF-8 UTF-8 # ours\n#fr_FR.UTF-8 UTF-8\n\nde_DE@euro ISO-8859-15\n',
    );
    expect({ status, locales }).toEqual({ status: 0, locales: ['de_DE.utf8', 'de_DE@euro', 'en_US.utf8'] });
  });

  test('that cannot be created stop the bake, and the message has the line', async () => {
    expect(await made('de_XX.UTF-8 UTF-8\n')).toMatchObject({
      status: 1,
      said: expect.stringContaining(
        '/etc/locale.gen: the locale de_XX.UTF-8 with the character set UTF-8 cannot be made',
      ) as string,
    });
    expect((await made('de_DE.UTF-8\n')).said).toContain("'de_DE.UTF-8 ' is not NAME CHARSET");
  });
});
