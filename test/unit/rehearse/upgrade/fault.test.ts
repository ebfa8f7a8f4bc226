import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTemplates } from '../../../../src/inputs/load-templates.ts';
import { bootContextOf, renderSlot } from '../../../../src/render/render-boot.ts';
import { faultInSlot, faultyUnit } from '../../../../src/rehearse/upgrade/fault.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

it('the fault is one more argument of the kernel in slot.cfg as a bake writes it, and changes nothing else there', async () => {
  const templates = await loadTemplates(join(import.meta.dirname, '../../../../templates'));
  const text = renderSlot(
    templates,
    bootContextOf(
      { role: 'slave', kernelArguments: ['panic=30'] },
      { version: '20261128-ce720dbc9002', rootHash: 'a'.repeat(64) },
    ),
  );
  const file = join(await temporaryFolder(), 'slot.cfg');
  writeFileSync(file, text);
  execFileSync('/bin/sh', ['-c', faultInSlot(file)]);
  const after = readFileSync(file, 'utf8');
  expect(after).toContain(`set ingot_arguments='systemd.wants=${faultyUnit} ingot.roothash=`);
  expect(after.replace(`systemd.wants=${faultyUnit} `, '')).toBe(text);
});
