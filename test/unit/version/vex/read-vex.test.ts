import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notAffectedBy, readVex } from '../../../../src/version/vex/read-vex.ts';
import { vexText } from '../../../../src/version/vex/vex.ts';
import { describedRoot, knownPackage } from '../../../samples/known-package.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const context = 'https://openvex.dev/ns/v0.2.0';
const statement = (more: Record<string, unknown> = {}) => ({
  vulnerability: { name: 'CVE-2026-1' },
  products: [{ '@id': 'pkg:deb/debian/a@1' }, { '@id': 'pkg:deb/debian/b@1' }],
  status: 'not_affected',
  status_notes: 'the module is not there',
  justification: 'vulnerable_code_not_present',
  ...more,
});
async function withText(text: string) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'vex.openvex.json'), text);
  return readVex(folder);
}
async function of(...statements: ReturnType<typeof statement>[]) {
  const read = await withText(JSON.stringify({ '@context': context, statements }));
  if (typeof read === 'string') throw new Error(read);
  return (id = 'CVE-2026-1', ...purls: string[]) =>
    notAffectedBy(read, id, purls.length === 0 ? ['pkg:deb/debian/a@1', 'pkg:deb/debian/b@1'] : purls);
}

describe('a vulnerability does not count', () => {
  test('if a statement says so of every package, with its justification', async () => {
    expect((await of(statement()))()).toEqual({
      justification: 'vulnerable_code_not_present',
      notes: 'the module is not there',
    });
    const aliased = statement({ vulnerability: { name: 'X-1', aliases: ['CVE-2026-1'] } });
    expect((await of(aliased))()).toBeDefined();
  });

  test('in what ingot itself writes about an image', async () => {
    const packages = [knownPackage('libldap-2.5-0', { source: { name: 'openldap', version: '2.5.13' } })];
    const facts = { modules: new Set<string>(), masked: new Set<string>(), packages: new Set<string>() };
    const distribution = { id: 'debian', version: '12' };
    const read = await withText(vexText({ root: describedRoot, distribution, packages, facts }) ?? '');
    const purl = 'pkg:deb/debian/libldap-2.5-0@1.0-1?arch=amd64&distro=debian-12&upstream=openldap%402.5.13';
    expect(typeof read === 'string' ? read : notAffectedBy(read, 'CVE-2017-17740', [purl])).toMatchObject({
      justification: 'component_not_present',
    });
  });
});

describe('a vulnerability counts', () => {
  test('if one package of several is not named, or no package is known', async () => {
    const found = await of(statement());
    expect(found('CVE-2026-1', 'pkg:deb/debian/a@1', 'pkg:deb/debian/c@1')).toBeUndefined();
    expect(found('CVE-2026-1', 'pkg:deb/debian/a@2')).toBeUndefined();
    expect(found('CVE-2026-2')).toBeUndefined();
    expect(notAffectedBy([], 'CVE-2026-1', [])).toBeUndefined();
  });

  test.each([
    ['affected', { status: 'affected', justification: undefined }],
    ['under investigation', { status: 'under_investigation', justification: undefined }],
    ['not affected, without a justification', { justification: undefined }],
    ['not affected, with a justification that OpenVEX does not have', { justification: 'we_are_fine' }],
  ])('if the statement is: %s', async (_, more) => {
    expect((await of(statement(more)))()).toBeUndefined();
    // Nor does another one that contradicts it help.
    expect((await of(statement(), statement(more)))()).toBeUndefined();
    expect((await of(statement(more), statement()))()).toBeUndefined();
  });
});

test('a version without the file states nothing', async () => {
  expect(await readVex(await temporaryFolder())).toBe('none');
});

test.each(['', '{}', '[]', '{"statements":[]}', `{"@context":"${context}","statements":[{}]}`])(
  'a file that is not a document of OpenVEX states nothing: %j',
  async (text) => {
    expect(await withText(text)).toBe('damaged');
  },
);
