import { join } from 'node:path';
import { expect, it } from 'vitest';
import { knownFailures } from '../../../src/failures/catalogue.ts';
import { troubleshootingPage } from '../../samples/troubleshooting-page.ts';

const page = join(import.meta.dirname, '../../../docs/troubleshooting.md');

it('docs/troubleshooting.md is what the catalogue says (vitest -u writes it)', async () => {
  await expect(await troubleshootingPage()).toMatchFileSnapshot(page);
});

it('the page has a section for every code, which the failure screen names as its anchor', async () => {
  const text = await troubleshootingPage();
  for (const { code } of knownFailures) expect(text).toContain(`<a id="${code}"></a>`);
  expect(text).not.toContain('```text\n\n```');
});
