import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LockedPackage } from '../../../../src/inputs/lock/lock.ts';
import { lockText, parseLock } from '../../../../src/inputs/lock/lock-file.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,12}$/);
const anyPackage: fc.Arbitrary<LockedPackage> = fc.record({
  name,
  version: fc.stringMatching(/^[0-9][A-Za-z0-9.+:~-]{0,12}$/),
  architecture: fc.constantFrom('amd64', 'all'),
  size: fc.integer({ min: 1, max: 2 ** 40 }),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  source: fc.constantFrom('bookworm', 'local'),
  path: fc.string({ minLength: 1, unit: 'grapheme' }),
});
const packages = fc.uniqueArray(anyPackage, {
  maxLength: 8,
  selector: (one) => `${one.name} ${one.architecture} ${one.version}`,
});

describe('the text of a lock', () => {
  test('gives the same lock when it is read, whatever is in it', () => {
    fc.assert(
      fc.property(packages, packages, (shared, master) => {
        const text = lockText(sampleLock({ shared, master }));
        expect(lockText(parseLock(text, 'x'))).toBe(text);
        expect(new Set(parseLock(text, 'x').packages.shared)).toEqual(new Set(shared));
      }),
    );
  });

  test('does not depend on the order in which packages were found', () => {
    fc.assert(
      fc.property(packages, (shared) => {
        expect(lockText(sampleLock({ shared: shared.toReversed() }))).toBe(lockText(sampleLock({ shared })));
      }),
    );
  });

  test('has a line for each package, so that a diff shows only what changed', () => {
    const before = lockText(sampleLock({ shared: ['a', 'b', 'c'].map((one) => lockedPackage(one)) }));
    const now = lockText(
      sampleLock({
        shared: [lockedPackage('a'), lockedPackage('b', { version: '2' }), lockedPackage('c')],
      }),
    );
    const different = now.split('\n').filter((line, index) => line !== before.split('\n')[index]);
    expect(different).toHaveLength(2);
    expect(different[0]).toContain('"name": "b", "version": "2"');
    expect(different[1]).toContain('"checksum"');
  });

  test('contains no host name', () => {
    expect(lockText(sampleLock())).not.toMatch(/:\/\//);
  });
});

describe('a lock is refused', () => {
  const text = lockText(sampleLock());

  test('if any of its bytes changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.integer({ min: 0x20, max: 0x7e }),
        (at, byte) => {
          const letter = String.fromCharCode(byte);
          fc.pre(letter !== text[at]);
          const flipped = text.slice(0, at) + letter + text.slice(at + 1);
          const error = ingotErrorOf(() => parseLock(flipped, 'cluster.lock.json'));
          expect(error.message).toContain('cluster.lock.json');
          expect(error.exitCode).toBe(2);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('if a version was changed by hand: the checksum detects it', () => {
    const error = ingotErrorOf(() => parseLock(text.replace('1.0-1', '1.0-2'), 'x'));
    expect(error.excerpt.join()).toMatch(/its content does not match its checksum [0-9a-f]{64}/);
  });

  test('if it has another format, with the format that this ingot reads', () => {
    const error = ingotErrorOf(() => parseLock(text.replace('"version": 1,', '"version": 3,'), 'x'));
    expect(error.message).toBe('x has the format 3; this ingot reads the formats 1 and 2');
  });

  test.each(['', 'null', '[]', '{}', '{"version":1}', text.slice(0, -30)])('if it is %j', (broken) => {
    expect(ingotErrorOf(() => parseLock(broken, 'x')).hint).toContain('ingot lock SPEC');
  });
});

test('a lock that version control gave Windows line ends is the same lock', () => {
  const text = lockText(sampleLock());
  expect(parseLock(text.replaceAll('\n', '\r\n'), 'x')).toEqual(parseLock(text, 'x'));
});
