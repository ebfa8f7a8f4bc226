import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderGrub } from '../../../src/render/render-boot.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

it('the menu that this ingot writes to disks is known to ingot-drift: a changed template adds a line to boot-menus', async () => {
  const menu = renderGrub(await loadTemplates(`${project}templates`), 'ESP');
  const known = readFileSync(`${project}images/common/rootfs/usr/lib/ingot/boot-menus`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ')[0]);
  expect(known).toContain(createHash('sha256').update(menu).digest('hex'));
});
