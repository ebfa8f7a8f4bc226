import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const contributing = read('CONTRIBUTING.md');
const makefile = read('Makefile');
const manifest = JSON.parse(read('package.json')) as {
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
};

const all = (pattern: RegExp) => [...contributing.matchAll(pattern)].map(([, found = '']) => found);
const isTarget = (name: string) => new RegExp(`^${name}:`, 'm').test(makefile);

describe('CONTRIBUTING.md', () => {
  test('names targets of the Makefile that exist', () => {
    const named = all(/`?make ([a-z-]+)`/g);
    expect(named).toContain('check-types');
    expect(named.filter((name) => !isTarget(name))).toEqual([]);
    expect(isTarget('no-such-target')).toBe(false);
  });

  test('names npm scripts that exist', () => {
    const named = all(/npm (?:run )?(test|check|unit)\b/g);
    expect(new Set(named)).toEqual(new Set(['test', 'check', 'unit']));
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const paths = all(/`((?:src|images|templates|stand-ins|setup|test)\/[^`* ]*)`/g);
    const links = all(/\]\(([^)#:]+)\)/g);
    expect([...paths, ...links].filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });
});

describe('The inner loop', () => {
  // The commands that make runs for a target, as far as rules name other targets.
  const needs = (target: string): string[] => {
    const rule = new RegExp(`^${target.replace('$', '\\$').replace(/[()]/g, '\\$&')}:([^=\\n]*)$`, 'm').exec(
      makefile,
    );
    const direct = rule?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
    return direct.flatMap((one) => [one, ...needs(one)]);
  };
  const checks = [...makefile.matchAll(/^CHECKS \+= (.+)$/gm)].map(([, name = '']) => name);

  test('installs no Debian package and builds no stand-in', () => {
    const needed = ['check', 'unit', 'build', ...checks].flatMap((target) => [target, ...needs(target)]);
    expect(needed).toContain('$(npm)');
    expect(needed.filter((name) => /host|stand-ins|setup/.test(name))).toEqual([]);
    expect(needs('integration')).toContain('.make/host');
  });

  test('has a rule for each check', () => {
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter((name) => !isTarget(name))).toEqual([]);
  });
});

test('The licence of package.json is the one in LICENSE', () => {
  expect(manifest.license).toBe('Apache-2.0');
  expect(read('LICENSE')).toContain('Apache License\n                           Version 2.0');
});

test('Unit tests start only shell and python3', () => {
  const folder = new URL('test/unit/', root);
  const started = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      [
        ...readFileSync(new URL(path, folder), 'utf8').matchAll(
          /(?:execFile|spawn)(?:Sync)?\(\s*'([a-z0-9-]+)'/g,
        ),
      ].map(([, program = '']) => program),
    );
  // samples/certificates.ts runs openssl.
  const certificates = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.test.ts') &&
      readFileSync(new URL(path, folder), 'utf8').match(/from '[./]*samples\/certificates.ts'/) !== null,
  );
  expect(certificates).toEqual([]);
  expect(started).toContain('python3');
  expect(started.filter((program) => !['sh', 'chmod', 'touch', 'python3'].includes(program))).toEqual([]);
});
