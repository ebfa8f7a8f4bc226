import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRegistryAddress, parseRegistryAddress, registryAddressText } from '../../../src/oci/address.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('the address of a repository', () => {
  test.each([
    [
      'oci://registry.example/demo',
      { host: 'registry.example', repository: 'demo', tag: undefined, plain: false },
    ],
    [
      'oci://127.0.0.1:5000/a/b-c/d__e:v1.0_x',
      { host: '127.0.0.1:5000', repository: 'a/b-c/d__e', tag: 'v1.0_x' },
    ],
    ['oci+http://localhost/demo:x', { host: 'localhost', plain: true, tag: 'x' }],
    ['oci://[::1]:5000/demo', { host: '[::1]:5000' }],
    [`oci://r/demo:x@${digest}`, { tag: 'x', digest }],
  ])('%s', (address, parts) => {
    expect(parseRegistryAddress(address)).toMatchObject(parts);
    expect(registryAddressText(parseRegistryAddress(address))).toBe(address);
    expect(isRegistryAddress(address)).toBe(true);
  });

  test.each([
    'registry.example/demo',
    'docker://r/demo',
    'oci://',
    'oci://registry.example',
    'oci://registry.example/',
    'oci://registry.example/Demo',
    'oci://registry.example/a//b',
    'oci://registry.example/../b',
    'oci://registry.example/demo:',
    'oci://registry.example/demo: x',
    'oci://registry.example/demo@sha256:12',
    `oci://r/demo@${digest}@${digest}`,
    'oci://registry.example/demo?x=y',
    'oci://a b/demo',
    'oci://r:port/demo',
    'oci://r/demo\n',
  ])('%j is refused', (address) => {
    expect(() => parseRegistryAddress(address)).toThrow(expect.objectContaining({ code: 'wrong-usage' }));
  });

  test('with a login is refused without showing it', () => {
    expect(() => parseRegistryAddress('oci://me:hunter2@registry.example/demo')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
    );
  });

  test('whatever a text is, it is refused or has the same text again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^oci(\+http)?:\/\/[a-zA-Z0-9.:/@_-]*$/), (text) => {
        let parsed;
        try {
          parsed = parseRegistryAddress(text);
        } catch {
          return;
        }
        expect(registryAddressText(parsed)).toBe(text);
      }),
    );
  });
});
