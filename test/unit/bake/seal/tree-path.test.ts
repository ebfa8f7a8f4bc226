import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treePath } from '../../../../src/bake/seal/tree-path.ts';

describe('a name from the guest', () => {
  it('is a path below the root, however it is written', () => {
    expect(treePath('./etc/ssl/')).toBe('/etc/ssl');
    expect(treePath('etc//./hosts')).toBe('/etc/hosts');
    expect(treePath('./')).toBe('/');
  });

  it.each(['/etc/passwd', '../x', './a/../../x', 'a/..', 'a\0b', 'a\uFFFDb'])(
    'is refused when it is %j',
    (name) => {
      expect(() => treePath(name)).toThrow(/The build guest exported the path/);
    },
  );

  it('never leads above the root', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('.', '..', '', 'a', '...', '..b')), (parts) => {
        const name = parts.join('/');
        if (parts.includes('..') || name.startsWith('/')) expect(() => treePath(name)).toThrow();
        else expect(treePath(name).split('/')).not.toContain('..');
      }),
    );
  });
});
