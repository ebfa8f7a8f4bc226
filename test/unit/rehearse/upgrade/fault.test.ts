import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTemplates } from '../../../../src/inputs/load-templates.ts';
import { faultArgument, faultInSlot } from '../../../../src/rehearse/upgrade/fault.ts';
import { bootContextOf, renderSlot } from '../../../../src/render/render-boot.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

it('the fault is an additional kernel argument in slot.cfg as a bake writes it, and changes nothing else there', async () => {
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
  expect(after).toContain(`set ingot_arguments='${faultArgument} ingot.roothash=`);
  expect(after.replace(`${faultArgument} `, '')).toBe(text);
});

it('the initrd of the node does not refuse that argument, as it would refuse arguments that change what systemd starts', () => {
  const script = join(import.meta.dirname, '../../../../node-tools/initrd/command-line.sh');
  const refused = (word: string): string =>
    execFileSync('/bin/sh', ['-c', `. "$1"; ingot_judge_word "$2"; echo "$why"`, 'sh', script, word], {
      encoding: 'utf8',
    });
  expect(refused(faultArgument)).toBe('\n');
  expect(refused('systemd.wants=any.service')).not.toBe('\n');
});
