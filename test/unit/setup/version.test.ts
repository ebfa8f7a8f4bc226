import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toolVersion } from '../../../src/inputs/tool-version.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const numbers = (version: string) => version.split('.').map(Number);

test('the version is a semantic version, the same in package.json, package-lock.json and the program', () => {
  const manifest = JSON.parse(read('package.json')) as { version: string };
  const lock = JSON.parse(read('package-lock.json')) as { version: string };
  expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect([lock.version, toolVersion]).toEqual([manifest.version, manifest.version]);
});

test('the changelog begins with what is unreleased; then come releases with their day, newest first, none above the version', () => {
  const [first, ...releases] = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(
    ([, heading = '']) => heading,
  );
  expect(first).toBe('[Unreleased]');
  const versions = releases.map(
    (heading) => /^\[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/.exec(heading)?.[1] ?? heading,
  );
  const sorted = [...versions].sort((a, b) => {
    const [one, other] = [numbers(a), numbers(b)];
    const index = one.findIndex((number, at) => number !== other[at]);
    return index === -1 ? 0 : (other[index] ?? 0) - (one[index] ?? 0);
  });
  expect(versions).toEqual(sorted);
  if (versions[0] !== undefined) expect(versions[0]).toBe(toolVersion);
});
