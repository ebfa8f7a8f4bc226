import { describe, expect, it } from 'vitest';
import { differentFacts, factsOf } from '../../../src/version/facts.ts';

describe('the facts of a path', () => {
  it('have one name each, however deep they are, and times in a readable form', () => {
    const facts = factsOf({
      type: 'char',
      mtime: 86400,
      device: { major: 1, minor: 3 },
      xattrs: { 'user.a': '00' },
    });
    expect(Object.fromEntries(facts)).toEqual({
      type: 'char',
      mtime: '1970-01-02T00:00:00Z (86400)',
      'device.major': '1',
      'device.minor': '3',
      'xattrs.user.a': '00',
    });
  });

  it('are shown if they differ or one side lacks them, and not otherwise', () => {
    const stored = new Map(Object.entries({ type: 'file', mode: '0644', size: '1' }));
    const made = new Map(Object.entries({ type: 'file', mode: '0600', target: 'x' }));
    expect(differentFacts(stored, made)).toEqual([
      { name: 'mode', stored: '0644', made: '0600' },
      { name: 'size', stored: '1' },
      { name: 'target', made: 'x' },
    ]);
    expect(differentFacts(stored, stored)).toEqual([]);
  });

  it('show a time that no calendar has unchanged', () => {
    expect(factsOf({ mtime: 1e20 }).get('mtime')).toBe('100000000000000000000');
  });
});
