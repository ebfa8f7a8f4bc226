import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { loadImages } from '../../../src/inputs/load-images.ts';
import { loadNamedFiles, loadSpec } from '../../../src/inputs/load-spec.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-load-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Uint8Array = ''): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function errorOf(work: Promise<unknown>): Promise<IngotError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof IngotError) return error;
  throw new Error('no IngotError was thrown', { cause: error });
}

describe('a spec', () => {
  test('is read together with the folder for its relative paths', async () => {
    await put('demo/cluster.yaml', 'cluster: ü\n');
    const path = join(folder, 'demo/cluster.yaml');
    expect(await loadSpec(path)).toEqual({
      text: 'cluster: ü\n',
      fileName: path,
      folder: join(folder, 'demo'),
    });
  });

  test('that is missing, a folder, or not text is an error that says so', async () => {
    await put('binary.yaml', new Uint8Array([0x63, 0xff, 0xfe]));
    expect((await errorOf(loadSpec(join(folder, 'none.yaml')))).message).toMatch(
      /none\.yaml does not exist$/,
    );
    expect((await errorOf(loadSpec(folder))).message).toMatch(/ is a folder$/);
    const error = await errorOf(loadSpec(join(folder, 'binary.yaml')));
    expect(error.message).toMatch(/binary\.yaml is not UTF-8 text$/);
    expect(error.exitCode).toBe(2);
  });

  test('names files: the texts are read, and all missing files are reported at once', async () => {
    await put('files/motd', 'hello\n');
    await put('debs/mesos.deb');
    const spec = { text: '', fileName: 'x/cluster.yaml', folder };
    const texts = await loadNamedFiles(spec, { texts: ['files/motd'], present: ['debs/mesos.deb'] });
    expect([...texts]).toEqual([['files/motd', 'hello\n']]);
    const error = await errorOf(
      loadNamedFiles(spec, { texts: ['files/motd', 'files/none', 'files'], present: ['debs/none.deb'] }),
    );
    expect(error.message).toBe(`cluster.yaml names files that cannot be used:
  files/none does not exist
  files is a folder
  debs/none.deb does not exist`);
    expect(error.hint).toContain(folder);
  });
});

describe('images/', () => {
  test('returns the existing folders, in the requested order', async () => {
    await put('slave/image.yaml', 'packages: []\n');
    await put('common/rootfs/etc/motd', 'golden\n');
    await put('common/steps/20-b/do.sh');
    await put('common/steps/20-b/assert.sh');
    await put('common/steps/10-a/do.sh');
    await put('common/steps/10-a/assert.sh');
    expect(await loadImages(folder, ['common', 'slave', 'layouts/clusterd/slave', 'common'])).toEqual([
      { name: 'common', folder: join(folder, 'common'), hasRootfs: true, steps: ['10-a', '20-b'] },
      {
        name: 'slave',
        folder: join(folder, 'slave'),
        imageYaml: 'packages: []\n',
        hasRootfs: false,
        steps: [],
      },
    ]);
  });

  test('a step without assert.sh is an error that names it', async () => {
    await put('common/steps/10-a/do.sh');
    const error = await errorOf(loadImages(folder, ['common']));
    expect(error.message).toBe(`the step ${join(folder, 'common/steps/10-a')} has no assert.sh`);
  });
});
