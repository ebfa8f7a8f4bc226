import { describe, expect, test } from 'vitest';
import { baseScore, severityOfScore } from '../../../src/channel/feed/cvss.ts';
import { vulnerabilitiesOfTracker } from '../../../src/channel/feed/debian-tracker.ts';
import { foundVulnerabilities } from '../../../src/channel/feed/found-vulnerabilities.ts';
import { vulnerabilitiesOfOsv } from '../../../src/channel/feed/osv.ts';
import { gravest, severityOfUrgency } from '../../../src/channel/feed/severity.ts';
import { isAffected, type RangeEvent } from '../../../src/channel/feed/vulnerability.ts';

const sourcesOf = (...sources: readonly (readonly [string, string])[]) => ({
  release: '12',
  sources: sources.map(([name, version]) => ({ name, version, purls: [] })),
});

describe('CVSS', () => {
  // Published scores of the National Vulnerability Database.
  test.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10, 'critical'], // CVE-2021-44228
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'high'], // CVE-2014-0160
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8, 'high'], // CVE-2021-3156
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:L/A:N', 1.6, 'low'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'none'],
  ])('%s is %d, %s', (vector, score, severity) => {
    expect(baseScore(vector)).toBe(score);
    expect(severityOfScore(baseScore(vector))).toBe(severity);
  });

  test.each([
    '',
    'AV:N/AC:L/Au:N/C:P/I:P/A:P',
    'CVSS:3.1/AV:N',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
  ])('%j has no score that is known here, so it is not rated', (vector) => {
    expect(severityOfScore(baseScore(vector))).toBeUndefined();
  });
});

describe("Debian's urgency", () => {
  test.each([
    ['high', 'high'],
    ['medium**', 'medium'],
    ['unimportant', 'none'],
    ['not yet assigned', undefined],
    ['end-of-life', undefined],
    [undefined, undefined],
  ])('%s is %s', (urgency, severity) => {
    expect(severityOfUrgency(urgency)).toBe(severity);
  });

  test('of several ratings the gravest counts, and one that is missing never hides another', () => {
    expect(gravest(['low', undefined, 'high', 'medium'])).toBe('high');
    expect(gravest([undefined, undefined])).toBeUndefined();
  });
});

describe('whether a version is affected', () => {
  const affected = (version: string, ...events: readonly RangeEvent[]): boolean =>
    isAffected({ id: 'CVE-1', source: 'x', severity: undefined, events, versions: [] }, version);

  test('follows the order of Debian, not that of letters', () => {
    const events = [{ introduced: '0' }, { fixed: '1.10-2+deb12u1' }];
    expect(affected('1.9-1', ...events)).toBe(true);
    expect(affected('1.10-2', ...events)).toBe(true);
    expect(affected('1.10-2+deb12u1', ...events)).toBe(false);
    expect(affected('1:0.1-1', ...events)).toBe(false);
    expect(affected('0~rc1-1', ...events)).toBe(true);
  });

  test('is false before it was introduced, and true again when it came back', () => {
    const events = [{ introduced: '2.0' }, { fixed: '2.5' }, { introduced: '3.0' }];
    expect(['1.0', '2.0', '2.4', '2.5', '2.9', '3.0'].map((version) => affected(version, ...events))).toEqual(
      [...[false, true, true, false, false, true]],
    );
  });

  test('includes the last affected version and no later one', () => {
    const events = [{ introduced: '0' }, { lastAffected: '2.0' }];
    expect(['2.0', '2.0-1'].map((version) => affected(version, ...events))).toEqual([true, false]);
  });
});

describe('the data of the Debian security tracker', () => {
  const tracker = {
    openssl: {
      'CVE-2026-0001': {
        description: 'a bug',
        scope: 'local',
        releases: {
          bookworm: { status: 'open', repositories: { bookworm: '3.0.1-1' }, urgency: 'high**' },
          sid: { status: 'resolved', fixed_version: '3.1-1', urgency: 'high**' },
        },
      },
      'CVE-2026-0002': {
        releases: { bookworm: { status: 'resolved', fixed_version: '3.0.5-1', urgency: 'medium' } },
      },
      'CVE-2026-0003': {
        releases: { bookworm: { status: 'resolved', fixed_version: '0', urgency: 'high' } },
      },
      'CVE-2026-0004': { releases: { bookworm: { status: 'undetermined', urgency: 'high' } } },
      'CVE-2026-0005': { releases: { trixie: { status: 'open', urgency: 'high' } } },
    },
  };

  test('is read for the release of the version: open, fixed later, never affected, not known', () => {
    const feeds = vulnerabilitiesOfTracker(tracker, '12') ?? [];
    const found = foundVulnerabilities(sourcesOf(['openssl', '3.0.1-1'], ['bash', '5.2']), feeds);
    expect(found).toEqual([
      {
        id: 'CVE-2026-0001',
        source: 'openssl',
        version: '3.0.1-1',
        severity: 'high',
        fixed: undefined,
        purls: [],
      },
      {
        id: 'CVE-2026-0002',
        source: 'openssl',
        version: '3.0.1-1',
        severity: 'medium',
        fixed: '3.0.5-1',
        purls: [],
      },
      {
        id: 'CVE-2026-0004',
        source: 'openssl',
        version: '3.0.1-1',
        severity: undefined,
        fixed: undefined,
        purls: [],
      },
    ]);
  });

  test.each([
    [],
    {},
    'text',
    null,
    { openssl: { 'CVE-1': { releases: { bookworm: { status: 'maybe' } } } } },
  ])('is not %j', (value) => {
    expect(vulnerabilitiesOfTracker(value, '12')).toBeUndefined();
  });
});

describe('OSV records', () => {
  const record = {
    id: 'DEBIAN-CVE-2026-1111',
    modified: '2026-11-01T00:00:00Z',
    upstream: ['CVE-2026-1111'],
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'curl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '7.88.1-10+deb12u9' }] }],
        ecosystem_specific: { urgency: 'low' },
      },
      {
        package: { ecosystem: 'Debian:13', name: 'curl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
      },
    ],
  };
  const found = (value: unknown, version = '7.88.1-10') =>
    foundVulnerabilities(sourcesOf(['curl', version]), vulnerabilitiesOfOsv(value, '12') ?? []);

  test('are read one by one, in a list and in an answer of the service', () => {
    const one = {
      ...{ id: 'CVE-2026-1111', source: 'curl', version: '7.88.1-10' },
      ...{ severity: 'critical', fixed: '7.88.1-10+deb12u9', purls: [] },
    };
    for (const value of [record, [record], { vulns: [record] }]) expect(found(value)).toEqual([one]);
    expect(found(record, '7.88.1-10+deb12u9')).toEqual([]);
  });

  test('that were withdrawn do not count, nor those of another ecosystem', () => {
    expect(found({ ...record, withdrawn: '2026-11-02T00:00:00Z' })).toEqual([]);
    const affected = [{ ...record.affected[0], package: { ecosystem: 'Alpine:v3.20', name: 'curl' } }];
    expect(found({ ...record, affected })).toEqual([]);
  });

  test('of an advisory count for each of its CVEs', () => {
    const advisory = { ...record, id: 'DSA-9999-1', upstream: ['CVE-2026-2222', 'CVE-2026-3333'] };
    expect(found(advisory).map(({ id }) => id)).toEqual(['CVE-2026-2222', 'CVE-2026-3333']);
  });

  test('with versions one by one are read as well', () => {
    const affected = [{ package: { ecosystem: 'Debian:12', name: 'curl' }, versions: ['7.88.1-10'] }];
    expect(found({ ...record, affected })).toHaveLength(1);
    expect(found({ ...record, affected }, '7.88.1-11')).toHaveLength(0);
  });

  test.each([{}, { id: 'CVE-1' }, 'text', { openssl: {} }])('are not %j', (value) => {
    expect(vulnerabilitiesOfOsv(value, '12')).toBeUndefined();
  });
});
