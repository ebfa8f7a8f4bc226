import { expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderAll } from '../../../src/render/render-all.ts';
import { samplePlan } from '../../samples/hostile.ts';

const templates = await loadTemplates('templates');

test('the same plan gives the same bytes every time, sorted by path', () => {
  const files = renderAll(samplePlan, templates);
  expect(renderAll(structuredClone(samplePlan), templates)).toEqual(files);
  const paths = files.map((file) => file.path);
  expect(paths).toEqual([...new Set(paths)].sort());
});

test('everything that is generated can be parsed: build, guest scripts, seeds, boot menu and node files', () => {
  const paths = renderAll(samplePlan, templates).map((file) => file.path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'packer/cluster.pkr.hcl',
      'packer/guest/run-step',
      'cloud-init/build/master/user-data',
      'cloud-init/build/slave/meta-data',
      'cloud-init/node/user-data',
      'boot/slave/grub.cfg',
      'node/master/usr/lib/ingot/release.json',
      'node/slave/etc/motd',
    ]),
  );
});

test('a template folder with a missing file is an error that names it', () => {
  const fewer = new Map([...templates].filter(([path]) => path !== 'boot/grub.cfg.hbs'));
  expect(() => renderAll(samplePlan, fewer)).toThrow('templates/boot/grub.cfg.hbs: there is no such file');
});

test('a template that uses an unknown value is an error with line and column', () => {
  const broken = new Map(templates).set('node/units-masked.hbs', 'first\n{{#each unitsMaskd}}{{/each}}');
  expect(() => renderAll(samplePlan, broken)).toThrow(
    'templates/node/units-masked.hbs:2:9: the context has no unitsMaskd',
  );
});
