import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@cdktn/hcl2json';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { packerBlock } from '../../../src/render/packer-guest.ts';
import { packerReleases } from '../../../src/render/packer-release.ts';
import { renderAll } from '../../../src/render/render-all.ts';
import { type PackerContext, renderPacker } from '../../../src/render/render-packer.ts';
import { anyNfcText, hostileTexts, samplePlan } from '../../samples/hostile.ts';
import { qemuPluginFields } from '../../samples/qemu-plugin-fields.ts';
import { contextIn, runPacker } from './run-packer.ts';

// Arguments of programs cannot contain NUL, and {{ is refused; the rest may be as hostile as possible.
const hostileArguments = [...hostileTexts, ...fc.sample(anyNfcText, { numRuns: 150, seed: 1 })].filter(
  (text) => !/\0|\{\{/.test(text),
);

const templates = await loadTemplates('templates');
let folder = '';
let context: PackerContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingot ${x} 'quoted' "));
  context = await contextIn(folder, { kernelArguments: hostileArguments });
  await writeFile(join(folder, 'cluster.pkr.hcl'), renderPacker(templates, context));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The type of a value in HCL as a schema names it. */
function typeOf(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'boolean' ? 'bool' : typeof value;
  return value.some(Array.isArray) ? 'lists' : 'texts';
}

describe('the rendered build', () => {
  test('with hostile values is valid for the real Packer', async () => {
    const { output, failed } = await runPacker(folder, ['validate', 'cluster.pkr.hcl']);
    expect(output).not.toMatch(/error/i);
    expect(failed).toBe(false);
  });

  test('is valid for an HCL parser, including the plugins that later versions declare', async () => {
    const packer = {
      requiredVersion: '>= 1.7.0',
      qemu: { source: 'github.com/hashicorp/qemu', version: '1.1.4' },
    };
    const parsed = (await parse('cluster.pkr.hcl', renderPacker(templates, { ...context, packer }))) as {
      source: { qemu: object };
      packer: readonly object[];
    };
    expect(Object.keys(parsed.source.qemu)).toEqual(['master', 'slave']);
    expect(parsed.packer[0]).toHaveProperty('required_plugins');
  });

  test.each(packerReleases)(
    'sets only fields of the qemu plugin, with their types, for Packer $from',
    async (release) => {
      const text = renderPacker(templates, { ...context, packer: packerBlock(release) });
      const { source } = (await parse('cluster.pkr.hcl', text)) as {
        source: { qemu: Record<string, readonly Record<string, unknown>[]> };
      };
      const fields = Object.values(source.qemu).flatMap(([one = {}]) => Object.entries(one));
      expect(fields.length).toBeGreaterThan(40);
      expect(fields.map(([name, value]) => [name, typeOf(value)])).toEqual(
        fields.map(([name]) => [name, qemuPluginFields[name]]),
      );
      expect(/required_plugins/.test(text)).toBe(release.qemu !== undefined);
    },
  );

  test('is also valid in the form that is written for review', async () => {
    const all = renderAll(samplePlan, templates).find((file) => file.path === 'packer/cluster.pkr.hcl');
    await expect(parse('cluster.pkr.hcl', all?.content ?? '')).resolves.toHaveProperty('build');
  });
});

describe('the guest that the real Packer starts from it', () => {
  const started = new Map<string, readonly string[]>();

  beforeAll(async () => {
    await runPacker(folder, ['build', '-color=false', 'cluster.pkr.hcl']);
    for (const { name } of context.roles) {
      const at = join(folder, name, 'arguments');
      const files = (await readdir(at)).sort();
      started.set(name, await Promise.all(files.map((file) => readFile(join(at, file), 'utf8'))));
    }
  });

  const valuesOf = (role: string, key: string): readonly string[] =>
    (started.get(role) ?? []).filter((_, position, all) => all[position - 1] === key);

  test.each(['master', 'slave'])(
    '%s gets its kernel command line unchanged, whatever it contains',
    (role) => {
      expect(valuesOf(role, '-append')).toEqual([hostileArguments.join(' ')]);
    },
  );

  test.each(['master', 'slave'])('%s reaches no network, and only Packer reaches it', (role) => {
    expect(valuesOf(role, '-netdev')).toEqual([
      expect.stringMatching(/^user,restrict=on,id=user\.0,hostfwd=tcp:127\.0\.0\.1:\d+-:22$/),
    ]);
    expect(valuesOf(role, '-device')).toEqual(['virtio-net,netdev=user.0']);
    expect(valuesOf(role, '-vnc')).toEqual(['none']);
  });

  test.each(['master', 'slave'])(
    '%s has the build disk first, the export disk second, then the seed',
    (role) => {
      const files = valuesOf(role, '-drive').map((drive) =>
        drive.replace(`${folder}/${role}/`, '').split(',').slice(0, 2),
      );
      expect(files).toEqual([
        ['file=packer/disk', 'if=virtio'],
        ['file=packer/disk-1', 'if=virtio'],
        [expect.stringMatching(/^file=.*\.iso$/), 'media=cdrom'],
      ]);
    },
  );

  test('finds seed and steps on its CD under their names, byte for byte', () => {
    const out = join(folder, 'cd');
    const cd = join(folder, 'slave/cd.iso');
    expect(execFileSync('blkid', ['-o', 'value', '-s', 'LABEL', cd], { encoding: 'utf8' })).toBe('cidata\n');
    execFileSync('xorriso', ['-osirrox', 'on', '-indev', cd, '-extract', '/', out], { stdio: 'ignore' });
    execFileSync('chmod', ['-R', 'u+w', out]);
    expect(execFileSync('diff', ['-r', join(folder, 'slave/seed'), out], { encoding: 'utf8' })).toBe('');
  });
});
