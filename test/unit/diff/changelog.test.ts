import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entriesBetween,
  highestUrgency,
  isSecurity,
  parseChangelog,
  sortedCves,
} from '../../../src/diff/changelog.ts';

const text = `openssl (3.0.19-1~deb12u2) bookworm-security; urgency=high

  * CVE-2026-10001 (a heap overflow)
    and CVE-2026-9, CVE-2025-99999.

 -- Ann Other <ann@example.org>  Tue, 27 Jan 2026 10:00:00 +0100

openssl (3.0.18-1~deb12u1+b1) bookworm; urgency=medium, binary-only=yes

  * Rebuild.

 -- Ann Other <ann@example.org>  Mon, 05 Jan 2026 10:00:00 +0100

openssl (3.0.17-1) unstable; urgency=low

  * New upstream (Closes: #1).

 -- Ann Other <ann@example.org>  Sun, 04 Jan 2026 10:00:00 +0100
`;

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const cve = fc
  .tuple(fc.integer({ min: 1999, max: 2030 }), fc.integer({ min: 1000, max: 999_999 }))
  .map(([year, number]) => `CVE-${year}-${number}`);
const anEntry = fc.record({
  version: fc.stringMatching(/^[1-9][0-9]{0,2}\.[0-9]{1,2}-[1-9]$/),
  distributions: fc.constantFrom('unstable', 'bookworm-security', 'bookworm bookworm-security'),
  urgency: fc.constantFrom('low', 'medium', 'high'),
  cves: fc.array(cve, { maxLength: 4 }),
  noise: fc.array(word, { maxLength: 3 }),
});

describe('a Debian changelog', () => {
  it('is read with versions, urgencies, dates and CVE numbers in their order', () => {
    expect(parseChangelog(text)).toEqual([
      {
        version: '3.0.19-1~deb12u2',
        distributions: 'bookworm-security',
        urgency: 'high',
        date: 'Tue, 27 Jan 2026 10:00:00 +0100',
        cves: ['CVE-2025-99999', 'CVE-2026-10001'],
      },
      {
        version: '3.0.18-1~deb12u1+b1',
        distributions: 'bookworm',
        urgency: 'medium',
        date: 'Mon, 05 Jan 2026 10:00:00 +0100',
        cves: [],
      },
      {
        version: '3.0.17-1',
        distributions: 'unstable',
        urgency: 'low',
        date: 'Sun, 04 Jan 2026 10:00:00 +0100',
        cves: [],
      },
    ]);
  });

  it('returns every entry that was written, however many CVE numbers it lists', () => {
    fc.assert(
      fc.property(fc.array(anEntry, { maxLength: 6 }), (entries) => {
        const written = entries
          .map(
            (one) =>
              `tool (${one.version}) ${one.distributions}; urgency=${one.urgency}\n\n  * ${[...one.noise, ...one.cves].join('\n    ')}\n\n -- A B <a@b.org>  today\n`,
          )
          .join('\n');
        const read = parseChangelog(written);
        expect(read).toEqual(
          entries.map(({ version, distributions, urgency, cves }) => ({
            ...{ version, distributions, urgency, date: 'today', cves: sortedCves(cves) },
          })),
        );
      }),
    );
  });

  it('is never an error, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (any) => Array.isArray(parseChangelog(any))));
  });

  it('lists the entries between two versions, without the older and with the newer one', () => {
    const entries = parseChangelog(text);
    const versions = (before: string, after: string) =>
      entriesBetween(entries, before, after).map(({ version }) => version);
    expect(versions('3.0.17-1', '3.0.19-1~deb12u2')).toEqual(['3.0.19-1~deb12u2', '3.0.18-1~deb12u1+b1']);
    expect(versions('3.0.17-1', '3.0.18-2')).toEqual(['3.0.18-1~deb12u1+b1']);
    expect(versions('3.0.19-1~deb12u2', '3.0.19-1~deb12u2')).toEqual([]);
  });

  it('shows which entries are security updates, and the urgency of all', () => {
    const entries = parseChangelog(text);
    expect(entries.filter(isSecurity).map(({ version }) => version)).toEqual(['3.0.19-1~deb12u2']);
    expect(highestUrgency(entries)).toBe('high');
    expect(highestUrgency([])).toBeUndefined();
  });
});
