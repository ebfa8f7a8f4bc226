import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageTexts } from '../../../../src/bake/stage-texts.ts';
import { loadTemplates } from '../../../../src/inputs/load-templates.ts';
import type { Plan } from '../../../../src/inputs/plan/plan.ts';
import { targetNames } from '../../../../src/inputs/targets/all-targets.ts';
import { renderAll } from '../../../../src/render/render-all.ts';
import { sampleMaterial, stagesOf } from '../../../samples/stages.ts';

type Json =
  string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };
type Path = readonly (string | number)[];

const templates = await loadTemplates('templates');
const plan: Plan = {
  ...sampleMaterial.plan,
  targets: targetNames,
  data: { label: 'data', format: 'never' },
  debconf: [{ package: 'b', question: 'b/q', type: 'boolean', value: 'true' }],
  seed: { cluster: {}, files: [{ path: '/etc/ingot/extra', mode: '0644', owner: 'root', content: 'a\n' }] },
  roles: sampleMaterial.plan.roles.map((role) => ({
    ...role,
    packages: ['vim'],
    debs: [{ name: 'mesos', from: '/debs/mesos.deb' }],
    unitsMasked: ['apt-daily.timer'],
    modules: ['nf_conntrack'],
    debconf: [{ package: 'a', question: 'a/q', type: 'string', value: 'x' }],
    setuid: [{ path: '/opt/a', why: 'so' }],
    leaveOut: [{ path: '/usr/include/**', why: 'not needed', at: ['common', 'leaveOut', 0] as const }],
  })),
};

/**
 * Fields of a plan that are not part of an image: they are in the lock, or in the seed that nodes get later, or they
 * are limits.
 */
const withoutPart =
  /^(masters|quorum|data|seed|sharedPackages|base\.distribution|guest\.timeoutMinutes|roles\.\d\.(packages|debs|leaveOut\.\d\.at))(\.|$)/;
/** Names that the code itself uses. */
const fixed = /^(targets\.\d|roles\.\d\.role)$/;

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nodes(value: Json, path: Path = []): { path: Path; value: Json }[] {
  const below =
    isObject(value) || Array.isArray(value)
      ? Object.entries(value).flatMap(([name, one]) =>
          nodes(one as Json, [...path, Array.isArray(value) ? Number(name) : name]),
        )
      : [];
  return [{ path, value }, ...below];
}

function changedAt(value: Json, [first, ...rest]: Path, change: (value: Json) => Json): Json {
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one: Json, index) => (index === first ? changedAt(one, rest, change) : one));
  if (!isObject(value)) throw new Error(`nothing below ${String(first)}`);
  return { ...value, [first]: changedAt(value[first], rest, change) };
}

const planWith = (path: Path, change: (value: Json) => Json): Plan =>
  changedAt(plan as unknown as Json, path, change) as unknown as Plan;

const keysOf = (of: Plan): string[] =>
  stagesOf({ ...sampleMaterial, plan: of, rendered: stageTexts(of, templates) }).all.map(
    ({ name, role, key }) => `${name} ${String(role)} ${key}`,
  );
const keys = keysOf(plan);

/**
 * Everything that is rendered from a plan for a bake: not the seed that nodes get later, and not the time limit of a
 * bake.
 */
const renderedOf = (of: Plan): string =>
  JSON.stringify(
    renderAll({ ...of, guest: { ...of.guest, timeoutMinutes: 1 } }, templates).filter(
      ({ path }) => !path.startsWith('cloud-init/node/'),
    ),
  );
const rendered = renderedOf(plan);

const all = nodes(plan as unknown as Json);
const textOf = (value: Json): string => (typeof value === 'string' ? value : '');
const leaves = all.filter(
  ({ path, value }) =>
    (typeof value === 'string' || typeof value === 'number') && !fixed.test(path.join('.')),
);
const lists = all.filter(({ value }) => Array.isArray(value) && value.length > 0);

describe('every field of a plan that is used changes a key, and an unused field changes none', () => {
  const judge = (path: Path, change: (value: Json) => Json): void => {
    const other = planWith(path, change);
    const otherKeys = keysOf(other);
    const isOther = otherKeys.join() !== keys.join();
    if (renderedOf(other) !== rendered) expect(isOther, 'another text is rendered').toBe(true);
    expect(isOther, path.join('.')).toBe(!withoutPart.test(path.join('.')));
  };

  test.each(leaves.map(({ path }) => [path.join('.'), path] as const))('a value: %s', (_, path) => {
    judge(path, (value) => (typeof value === 'number' ? value + 1 : `${textOf(value)}x`));
  });

  test.each(
    lists.filter(({ path }) => path.join('.') !== 'roles').map(({ path }) => [path.join('.'), path] as const),
  )('one item less: %s', (_, path) => {
    judge(path, (value) => (Array.isArray(value) ? value.slice(1) : value));
  });

  test('every other value does so too', () => {
    const letters = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...leaves),
        letters,
        fc.integer({ min: 1, max: 500 }),
        (leaf, text, more) => {
          judge(leaf.path, (value) => (typeof value === 'number' ? value + more : `${textOf(value)}${text}`));
        },
      ),
      { numRuns: 10 },
    );
  });
});

test('a field that is new in the plan, wherever it is, changes every key until somebody decides which one it belongs to', () => {
  const objects = all.filter(({ path, value }) => isObject(value) && !withoutPart.test(path.join('.')));
  const open = objects.filter(({ path }) => !/\.(sysctls|checks\.\d)$/.test(path.join('.')));
  expect(open.map(({ path }) => path.join('.'))).toContain('roles.1.files.0');
  for (const { path } of open) {
    const other = keysOf(planWith(path, (value) => ({ ...(value as object), isNew: ['a'] })));
    expect(
      other.filter((key) => keys.includes(key)),
      path.join('.'),
    ).toEqual([]);
  }
});

test('the result of every template that is rendered for an image or its boot test is part of a key', () => {
  const ofImages = /^(node|boot|ec2|cloud-init|iso|maas|netboot\/version|ova|packer)\/.*\.hbs$/;
  const files = [...templates.keys()].filter((path) => ofImages.test(path));
  expect(files.length).toBeGreaterThan(10);
  for (const path of files) {
    const others = new Map(templates).set(path, `${templates.get(path) ?? ''}more\n`);
    const texts = JSON.stringify(stageTexts(plan, others));
    expect(texts === JSON.stringify(stageTexts(plan, templates)), path).toBe(false);
  }
});
