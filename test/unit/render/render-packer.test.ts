import { expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { type PackerContext, type PackerRole, renderPacker } from '../../../src/render/render-packer.ts';
import { samplePacker, sampleRole } from '../../samples/packer.ts';

const templates = await loadTemplates('templates');
const withRole = (change: Partial<PackerRole>): PackerContext => ({
  ...samplePacker,
  roles: [{ ...sampleRole('master', '/run-folder'), ...change }],
});

test('a build has a source and its own steps, one line each, for every requested role, and no other', () => {
  const both = renderPacker(templates, samplePacker);
  expect(both).toContain('source "qemu" "master"');
  expect(both).toContain('source "qemu" "slave"');
  const one = renderPacker(templates, withRole({ steps: ['10-only'] }));
  expect(one).not.toContain('slave');
  expect(one.match(/run-step .*"/g)).toEqual(['run-step 10-only"']);
});

test('a Packer that uses plugins gets their list', () => {
  expect(renderPacker(templates, samplePacker)).not.toContain('required_plugins');
  const packer = {
    requiredVersion: '>= 1.7',
    qemu: { source: 'github.com/hashicorp/qemu', version: '1.1.4' },
  };
  expect(renderPacker(templates, { ...samplePacker, packer })).toContain(
    'source  = "github.com/hashicorp/qemu"',
  );
});

test("the guest's clock starts at the date of the plan", () => {
  expect(renderPacker(templates, samplePacker)).toContain('"base=2026-11-22T00:00:00,clock=vm"');
});

test.each(['relative/path', '/a,b', '/a*', '/a[b]', '/a?', '/a\nb'])(
  'a path that Packer or QEMU would misread is refused: %j',
  (path) => {
    expect(() => renderPacker(templates, withRole({ serialLog: path }))).toThrow('cannot use this path');
  },
);

test.each(['10 a', '10;reboot', '../x', '$(id)', ''])(
  'a folder name that is not a word is refused as a step: %j',
  (name) => {
    expect(() => renderPacker(templates, withRole({ steps: [name] }))).toThrow(
      'cannot be the name of a step',
    );
  },
);
