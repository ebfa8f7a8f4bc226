import { describe, expect, test } from 'vitest';
import { maskedUnits, modulesOf } from '../../../../src/version/vex/root-evidence.ts';
import { rules } from '../../../../src/version/vex/rules.ts';
import { vexText } from '../../../../src/version/vex/vex.ts';
import { describedRoot, knownPackage } from '../../../samples/known-package.ts';
import { vexSchema } from '../../../samples/vex-schema.ts';

const distribution = { id: 'debian', version: '12' };
const packages = [
  knownPackage('linux-image-6.1.0-57-cloud-amd64', {
    source: { name: 'linux-signed-amd64', version: '6.1' },
  }),
  knownPackage('cloud-init'),
  knownPackage('libldap-2.5-0', { source: { name: 'openldap', version: '2.5.13' } }),
];
const paths = ['/usr/lib/modules/6.1/kernel/net/tun.ko', '/usr/lib/modules/6.1/kernel/fs/x-fs.ko.xz'];
const facts = {
  modules: modulesOf(paths, 'kernel/drivers/video/fbdev/core/fb.ko\n'),
  masked: new Set(['cloud-init-hotplugd.socket']),
  packages: new Set(packages.map(({ installed }) => installed.name)),
};
const kernelRule = (moduleAbsent: string) => ({
  ...{ name: 'CVE-1', source: 'linux', code: 'x' },
  when: { moduleAbsent },
});
const textOf = (more: Partial<Parameters<typeof vexText>[0]> = {}, known = rules) =>
  vexText({ root: describedRoot, distribution, packages, facts, ...more }, known);
const statements = (...call: Parameters<typeof textOf>) => {
  const text = textOf(...call);
  return text === undefined ? [] : vexSchema.parse(JSON.parse(text)).statements;
};
const about = (name: string, ...call: Parameters<typeof textOf>) =>
  statements(...call).find(({ vulnerability }) => vulnerability.name === name);

test('the document is one of OpenVEX, and names the image and the packages by their package URLs', () => {
  const found = about('CVE-2024-21803');
  expect(found?.justification).toBe('vulnerable_code_not_present');
  const image = 'pkg:generic/ingot-slave@20261122-0123456789ab';
  const kernel =
    'pkg:deb/debian/linux-image-6.1.0-57-cloud-amd64@1.0-1?arch=amd64&distro=debian-12&upstream=linux-signed-amd64%406.1';
  expect(found?.products).toEqual([{ '@id': image, subcomponents: [{ '@id': kernel }] }, { '@id': kernel }]);
});

describe('a statement is made only if the root shows it', () => {
  test.each(['tun', 'x_fs', 'fb'])('the module %s is there (as a file, compressed, or built in)', (name) => {
    expect(statements({}, [kernelRule(name)])).toEqual([]);
  });

  test('the module is not there', () => {
    expect(statements({}, [kernelRule('bluetooth')])).toHaveLength(1);
  });

  test('it is not known which modules are built in', () => {
    expect(statements({ facts: { ...facts, modules: modulesOf(paths, '') } }, [kernelRule('bluetooth')])).toEqual([]); // prettier-ignore
  });

  test('the unit is masked, or not', () => {
    const name = 'CVE-2024-11584';
    expect(about(name)?.justification).toBe('vulnerable_code_not_in_execute_path');
    expect(about(name)?.status_notes).toContain('cloud-init-hotplugd.socket');
    expect(about(name, { facts: { ...facts, masked: new Set() } })).toBeUndefined();
  });

  test('the package with the vulnerable code is not in the root, or is', () => {
    const name = 'CVE-2017-14159';
    expect(about(name)?.justification).toBe('component_not_present');
    const withServer = { ...facts, packages: new Set(['slapd']) };
    expect(about(name, { facts: withServer })).toBeUndefined();
  });

  test('nothing of the source is in the root, so no scanner reports it', () => {
    expect(about('CVE-2024-26462')).toBeUndefined();
  });

  test('a package of the same name that is not from the distribution is another one', () => {
    const foreign = [knownPackage('cloud-init', {}, 'local')];
    expect(textOf({ packages: foreign })).toBeUndefined();
  });
});

test('masked are the links to /dev/null among the units of the machine', () => {
  const listing = [
    'lrwxrwxrwx 0/0                9 2026-11-29 00:53 /etc/systemd/system/a@b.service -> /dev/null',
    'lrwxrwxrwx 0/0                9 2026-11-29 00:53 /etc/systemd/system/other.service -> /usr/lib/x',
    'lrwxrwxrwx 0/0                9 2026-11-29 00:53 /etc/systemd/system-generators/x -> /dev/null',
    '-rw-r--r-- 0/0                9 2026-11-29 00:53 /etc/systemd/system/file -> /dev/null',
  ].join('\n');
  expect([...maskedUnits(listing)]).toEqual(['a@b.service']);
});

test('the same root gives the same bytes, whatever the order of its packages', () => {
  expect(textOf({ packages: packages.toReversed() })).toBe(textOf());
  expect(textOf({ root: { ...describedRoot, epoch: 1 } })).not.toBe(textOf());
});

test('every rule has a name of its own, and one that scanners report', () => {
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^CVE-\d{4}-\d{4,}$/);
});
