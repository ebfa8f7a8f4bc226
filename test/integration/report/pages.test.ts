import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffPage } from '../../../src/report/document/diff-page.tsx';
import { fleetPage } from '../../../src/report/fleet/fleet-page.tsx';
import { historyPage } from '../../../src/report/history/history-page.tsx';
import { rehearsalPage } from '../../../src/report/rehearsal/rehearsal-page.tsx';
import { versionPage } from '../../../src/report/version/version-page.tsx';
import { type Browser, type BrowserPage, openBrowser } from '../../samples/browser.ts';
import { historyEntries, rehearsalFacts, reportFacts } from '../../samples/report-facts.ts';
import { sharedFolder } from '../../samples/temporary.ts';

const pages: Readonly<Record<string, () => string>> = {
  'a version': () => versionPage(reportFacts(60)),
  'a version of which little is known': () =>
    versionPage(
      reportFacts(0, {
        ...{ changes: undefined, checks: undefined, times: undefined, bake: undefined },
        signedBy: 'damaged',
        ...{ packageSizes: [], logs: [], rehearsals: [], privileges: [] },
      }),
    ),
  'a rehearsal': () => rehearsalPage(rehearsalFacts()),
  'the history of a store': () => historyPage({ versions: historyEntries(8), left: [] }, () => 'x.html'),
  'a difference': () =>
    diffPage({
      title: 'slave 1 → slave 2',
      summary: ['packages: 1 upgraded'],
      sections: [
        { title: 'Packages', table: { head: ['package', 'before', 'after'], rows: [['libssl3', '1', '2']] } },
        {
          title: 'Configuration',
          blocks: [{ title: '/etc/x', language: 'diff', lines: ['--- a', '+++ b', '-old', '+new'] }],
        },
      ],
    }),
  'a fleet': () =>
    fleetPage(
      {
        nodes: 5,
        at: 1_796_054_700_000,
        explanations: new Map(),
        golden: new Map(),
        seed: undefined,
        groups: [
          { state: 'golden', nodes: ['a', 'b', 'c'] },
          { state: 'unreachable', nodes: ['d'], why: 'no route' },
          { state: 'drifted', nodes: ['e'], label: 'A' },
        ],
      },
      false,
    ),
};

let browser: Browser;
const folder = sharedFolder();

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

async function opened(name: string, width: number, scheme: 'light' | 'dark' = 'light'): Promise<BrowserPage> {
  const file = join(folder(), `${name.replaceAll(' ', '-')}.html`);
  await writeFile(file, pages[name]?.() ?? '');
  const page = await browser.newPage();
  await page.call('Emulation.setDeviceMetricsOverride', {
    width,
    height: 900,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await page.call('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  await page.open(`file://${file}`);
  return page;
}

describe.each(Object.keys(pages))('the report of %s', (name) => {
  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [480, 'light'],
    [480, 'dark'],
  ] as const)('has no violation that axe-core finds, %d wide and %s', async (width, scheme) => {
    const page = await opened(name, width, scheme);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await page.evaluate(axe.source);
    const found = await page.evaluate(
      'axe.run().then(({ violations, passes }) => ({ passed: passes.length, violations: violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]) }))',
    );
    expect(found).toMatchObject({ violations: [] });
    expect((found as { passed: number }).passed).toBeGreaterThan(10);
  });

  test.each([1280, 480])('is not wider than its window of %d', async (width) => {
    const page = await opened(name, width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  test('loads nothing but itself', async () => {
    const page = await opened(name, 1280);
    const requests = page.events.filter(({ method }) => method === 'Network.requestWillBeSent');
    expect(requests.length).toBe(1);
    expect(await page.evaluate('document.scripts.length')).toBe(0);
  });
});

describe('the report of a version', () => {
  test('with 3,000 packages opens within a second', async () => {
    const file = join(folder(), 'large.html');
    await writeFile(file, versionPage(reportFacts(3000)));
    const page = await browser.newPage();
    const begun = performance.now();
    await page.open(`file://${file}`);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => done(1)))');
    const took = performance.now() - begun;
    expect(await page.evaluate("document.querySelectorAll('#packages ~ details tbody tr').length")).toBe(
      3000,
    );
    expect(took).toBeLessThan(1000);
  });

  test('is usable by keyboard: the first Tab offers the content, and Enter opens what is closed', async () => {
    const page = await opened('a version', 1280);
    const press = async (key: string, code: number) => {
      const text = key === 'Enter' ? { text: '\r' } : {};
      await page.call('Input.dispatchKeyEvent', {
        type: 'keyDown',
        key,
        code: key,
        windowsVirtualKeyCode: code,
        ...text,
      });
      await page.call('Input.dispatchKeyEvent', {
        type: 'keyUp',
        key,
        code: key,
        windowsVirtualKeyCode: code,
      });
    };
    await press('Tab', 9);
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Skip to the content');
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().left')).toBeGreaterThanOrEqual(
      0,
    );
    await page.evaluate("document.querySelector('summary').focus()");
    await press('Enter', 13);
    expect(await page.evaluate("document.querySelector('details').open")).toBe(true);
  });

  test('prints what is closed as well', async () => {
    const page = await opened('a version', 1280);
    await page.call('Emulation.setEmulatedMedia', { media: 'print' });
    const height = "document.querySelector('#packages ~ details table').getBoundingClientRect().height";
    expect(await page.evaluate(height)).toBeGreaterThan(500);
  });
});
