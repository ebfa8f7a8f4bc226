import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderGrub, renderSlot } from '../../../src/render/render-boot.ts';

const templates = await loadTemplates('templates');
const image = { title: 'ingot-master-1', version: '1', rootHash: 'ab12', kernelArguments: ['quiet'] };

describe('a disk', () => {
  test('passes to the kernel its ESP and its slot; the slot has root hash and arguments, and no ESP', () => {
    const menu = renderGrub(templates, 'ABCD-1234');
    expect(menu).toContain('boot=ingot ingot.esp=ABCD-1234 ingot.slot=$1 $ingot_arguments $ingot_more');
    expect(menu).toContain('search --no-floppy --fs-uuid --set=root ABCD-1234\n');
    expect(menu).not.toContain('roothash');
    const slot = renderSlot(templates, image);
    expect(slot).toContain(
      "set ingot_arguments='ingot.roothash=ab12 ingot.version=1 console=tty0 console=ttyS0,115200n8 panic=30 quiet'\n",
    );
    expect(slot.match(/^set \w+/gm)).toEqual(['set ingot_title', 'set ingot_version', 'set ingot_arguments']);
  });

  test('gets no kernel argument that GRUB would change: the place in the template is named', () => {
    expect(() => renderSlot(templates, { ...image, kernelArguments: ['dyndbg="file x +p"'] })).toThrow(
      /^templates\/boot\/slot\.cfg\.hbs:\d+:\d+: \{\{words\}\}: a plain word/,
    );
  });
});
