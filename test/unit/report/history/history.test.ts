import { describe, expect, it } from 'vitest';
import { historyPage } from '../../../../src/report/history/history-page.tsx';
import { historyText } from '../../../../src/report/history/history-text.ts';
import { historyEntries } from '../../../samples/report-facts.ts';

describe('the history of a store', () => {
  const versions = historyEntries(6);

  it('is a table for each role on the terminal, with what no record states as "-"', () => {
    const text = historyText({ versions, left: ['/x is left out: it is not a complete version'] });
    expect(text).toMatch(/^master\n {2}version +published +root +disks +packages +bake +boot\n/);
    expect(text.split('\n').find((line) => line.includes('20261111-'))).toMatch(/ -$/);
    expect(text).toContain('(latest)');
    expect(text).toContain('/x is left out');
  });

  it('draws size, packages, bake time and boot time, with a link to each report that exists', () => {
    const html = historyPage({ versions, left: [] }, ({ role, version }) =>
      version.startsWith('20261110') ? `${role}/${version}.report.html` : undefined,
    );
    for (const title of ['Golden root', 'Packages', 'Bake', 'Boot'])
      expect(html).toContain(`<figcaption>${title}<`);
    expect(html.match(/<circle/g)?.length).toBe(6 * 4 - 1);
    expect(html.match(/\.report\.html"/g)?.length).toBe(1);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('of a single version, or of equal ones, is drawn as well', () => {
    const same = versions.map((one) => ({ ...one, rootBytes: 5, packages: 1 }));
    for (const some of [versions.slice(0, 1), same])
      expect(historyPage({ versions: some, left: [] }, () => undefined)).not.toMatch(/NaN|Infinity/);
  });
});
