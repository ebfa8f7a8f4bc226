import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { publishAmiShape } from '../../../src/cli/shapes/publish-ami-shape.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import type { AwsDouble } from '../../doubles/aws/aws-double.ts';
import { fakeWorld } from '../../samples/world.ts';
import { buildIngot, removeBuilt } from '../built-ingot.ts';
import { signAnew, withCopy, work } from '../version/signed-whole-version.ts';
import { makeDisk, newFolder, startDouble } from './ami-lab.ts';

const host = makeHost();
const many = Array.from({ length: 30 }, (_, index) => index);

/** Gives the work a signed version with a raw disk, as the target raw leaves it. */
const withVersion = <T>(blocks: readonly number[], use: (folder: string) => Promise<T>): Promise<T> =>
  withCopy(async (folder) => {
    const { path } = await makeDisk(blocks);
    await host.run('zstd', ['-q', path, '-o', join(folder, 'disk.raw.zst')]);
    await signAnew(folder);
    return use(folder);
  });

const options = (state: string) => [
  ...['--key', 'release.pub.pem', '--allow-stand-ins', '--region', 'eu-central-1', '--state', state],
];

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: work });
  const error = await commandLine(world, ['publish', 'ami', ...args]).then(
    () => undefined,
    (thrown: unknown) => thrown as { code?: string; hint?: string; message?: string },
  );
  return { error, out: out(), err: err() };
}

describe('ingot publish ami', () => {
  test('prints region, image and name, and as JSON everything about the upload', async () => {
    const aws = await startDouble();
    await withVersion([0, 5], async (folder) => {
      const state = await newFolder();
      const { out, error } = await ingot(folder, ...options(state), '--json');
      expect(error).toBeUndefined();
      const { versions } = publishAmiShape.parse(JSON.parse(out));
      expect(versions[0]).toMatchObject({ folder, upload: { blocks: 2, sentBlocks: 2 } });
      const again = await ingot(folder, ...options(state));
      const [image] = [...aws.account.images.keys()];
      expect(again.out).toMatch(
        new RegExp(`^eu-central-1 ${image ?? ''} ingot-slave-\\d{8}-[0-9a-f]{12}\\n$`),
      );
      expect(again.err).toContain('the account had this image already');
      // Nothing was written into the sealed folder, and no state is left.
      expect(await readdir(state)).toEqual([]);
      expect((await ingot(folder, ...options(state))).error).toBeUndefined();
    });
  });

  test('uploads the same bytes from a qcow2 as from the raw disk', async () => {
    const aws = await startDouble();
    await withCopy(async (folder) => {
      const { path } = await makeDisk([0, 5]);
      await rm(join(folder, 'disk.qcow2'), { force: true });
      const qcow2 = join(folder, 'disk.qcow2');
      await host.run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', '-c', path, qcow2]);
      await signAnew(folder);
      expect((await ingot(folder, ...options(await newFolder()))).error).toBeUndefined();
      expect([...([...aws.account.snapshots.values()][0]?.blocks.keys() ?? [])].sort()).toEqual([0, 5]);
    });
  });

  test('asks AWS for nothing if the version is altered, is not verified, or has stand-ins', async () => {
    const aws = await startDouble();
    await withVersion([0], async (folder) => {
      const state = await newFolder();
      const refused = async (code: string, ...args: string[]) => {
        expect(
          (await ingot(folder, '--region', 'eu-central-1', '--state', state, ...args)).error,
        ).toMatchObject({
          code,
        });
      };
      await refused('not-publishable', '--allow-stand-ins');
      await refused('not-publishable', '--key', 'release.pub.pem');
      await writeFile(join(folder, 'disk.raw.zst'), 'altered');
      await refused('damaged-version', '--key', 'release.pub.pem', '--allow-stand-ins');
    });
    expect(aws.asked).toEqual([]);
  });
});

describe('the program itself', () => {
  let built = '';
  beforeAll(async () => {
    built = await buildIngot();
  });
  afterAll(() => removeBuilt(built));

  const start = (aws: AwsDouble, args: readonly string[]) =>
    spawn(process.execPath, [join(built, 'cli/main.js'), 'publish', 'ami', ...args], {
      cwd: work,
      env: { ...process.env, ...aws.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('killed half-way, the same command continues, and nothing is left over', async () => {
    const aws = await startDouble({
      faults: [{ kind: 'stall', operation: 'PutSnapshotBlock', from: 16, times: 15 }],
    });
    await withVersion(many, async (folder) => {
      const state = await newFolder();
      const first = start(aws, [folder, ...options(state)]);
      await expect
        .poll(() => aws.account.snapshots.values().next().value?.blocks.size ?? 0, {
          interval: 2,
          timeout: 60_000,
        })
        .toBe(15);
      first.kill('SIGKILL');
      await once(first, 'close');
      expect(aws.account.images.size).toBe(0);
      const second = start(aws, [folder, ...options(state), '--json']);
      const [out, err] = await Promise.all([text(second.stdout), text(second.stderr)]);
      expect(out, err).not.toBe('');
      const { versions } = publishAmiShape.parse(JSON.parse(out));
      expect(versions[0]?.upload?.blocks).toBe(30);
      expect(aws.account.snapshots.size).toBe(1);
      expect(aws.account.images.size).toBe(1);
      expect(await readdir(state)).toEqual([]);
    });
  });

  test('without the AWS SDK it says what installs it, and with a folder of it in the cache it finds it', async () => {
    const aws = await startDouble();
    const elsewhere = await newFolder();
    const project = dirname(built);
    // As from ingot's own packages: everything but node_modules.
    await cp(built, join(elsewhere, 'dist'), { recursive: true });
    for (const name of ['package.json', 'templates'])
      await cp(join(project, name), join(elsewhere, name), { recursive: true, dereference: true });
    const cache = join(elsewhere, 'cache');
    const run = async () => {
      const child = spawn(
        process.execPath,
        [join(elsewhere, 'dist/cli/main.js'), 'publish', 'ami', '/nowhere', '--region', 'eu-central-1'],
        { env: { ...process.env, ...aws.env, XDG_CACHE_HOME: cache }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const [err] = await Promise.all([text(child.stderr), once(child, 'close')]);
      return err;
    };
    const missing = await run();
    expect(missing).toContain('the AWS SDK is not installed');
    expect(missing).toMatch(
      new RegExp(
        `npm install --prefix ${cache}/ingot/aws-sdk @aws-sdk/client-ebs@[\\d.]+ @aws-sdk/client-ec2@[\\d.]+`,
      ),
    );
    await mkdir(join(cache, 'ingot/aws-sdk'), { recursive: true });
    await symlink(join(project, 'node_modules'), join(cache, 'ingot/aws-sdk/node_modules'));
    expect(await run()).toContain('/nowhere does not exist');
  });
});

describe('--packer', () => {
  test('writes a source that this Packer finds valid, for the version and its disk', async () => {
    await withVersion([0, 5], async (folder) => {
      const into = join(await newFolder(), 'packer');
      const tag = 'note=a "quoted" ${word} and \\ that';
      const { error, out } = await ingot(
        ...[folder, '--key', 'release.pub.pem', '--allow-stand-ins', '--region', 'eu-central-1'],
        ...['--copy-to', 'us-east-1,ap-south-1', '--share', '222222222222', '--tag', tag, '--packer', into],
      );
      expect(error).toBeUndefined();
      expect(out).toBe(`${into}/slave.pkr.hcl\n`);
      const source = await readFile(join(into, 'slave.pkr.hcl'), 'utf8');
      expect(source).toContain(`${folder}/disk.raw.zst`);
      await host.run('packer', ['validate', into], {
        env: { PACKER_CONFIG_DIR: into, CHECKPOINT_DISABLE: '1' },
      });
    });
  });

  test('refuses a version without a raw disk, and leaves nothing', async () => {
    const into = join(await newFolder(), 'packer');
    await withCopy(async (folder) => {
      await host.run('qemu-img', ['create', '-q', '-f', 'qcow2', join(folder, 'disk.qcow2'), '1M']);
      await signAnew(folder);
      const { error } = await ingot(
        ...[folder, '--key', 'release.pub.pem', '--allow-stand-ins', '--region', 'eu-central-1'],
        ...['--packer', into],
      );
      expect(error).toMatchObject({ code: 'no-image', hint: expect.stringContaining('"ec2"') as unknown });
    });
    expect(await readdir(into).catch(() => 'nothing')).toBe('nothing');
  });
});
