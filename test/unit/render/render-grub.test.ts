import { expect, test } from 'vitest';
import { loadTemplates } from '../../../src/host/load-templates.ts';
import { renderGrub } from '../../../src/render/render-grub.ts';

const templates = await loadTemplates('templates');
const context = {
  title: 'ingot-master-1',
  version: '1',
  espId: 'ABCD-1234',
  rootHash: 'ab12',
  kernelArguments: ['quiet'],
};

test('the kernel is told the root hash that it has to enforce, its version and its ESP', () => {
  const line = /^ {2}linux \/vmlinuz (.*)$/m.exec(renderGrub(templates, context))?.[1];
  expect(line).toBe(
    'boot=ingot ingot.roothash=ab12 ingot.version=1 ingot.esp=ABCD-1234 console=tty0 console=ttyS0,115200n8 panic=30 quiet',
  );
});

test('GRUB finds its partition by the ESP id alone', () => {
  expect(renderGrub(templates, context)).toContain('search --no-floppy --fs-uuid --set=root ABCD-1234\n');
});

test('a kernel argument that GRUB would hand on changed is refused, with the place in the template', () => {
  expect(() => renderGrub(templates, { ...context, kernelArguments: ['dyndbg="file x +p"'] })).toThrow(
    /^templates\/boot\/grub\.cfg\.hbs:\d+:\d+: \{\{grub\}\}: GRUB cannot/,
  );
});
