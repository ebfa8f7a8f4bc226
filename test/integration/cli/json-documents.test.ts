import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { allShapes, shapeJsonSchema } from '../../../src/cli/shapes/all-shapes.ts';
import { lockText } from '../../../src/inputs/lock/lock-file.ts';
import { lockedPackage, sampleLock } from '../../samples/lock.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-json-'));
  await cp(join(project, 'examples/clusterd.yaml'), join(folder, 'cluster.yaml'));
  await cp(join(project, 'examples/fleet'), join(folder, 'fleet'), { recursive: true });
  const lock = (version: string) =>
    lockText(sampleLock({ shared: [lockedPackage('curl', { version })], master: [], slave: [] }));
  await writeFile(join(folder, 'old.lock.json'), lock('7.88.1-10'));
  await writeFile(join(folder, 'new.lock.json'), lock('7.88.1-11'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

// Of the other documents, the end-to-end tests and those of the command check the shape: they need a baked version.
const cases: readonly (readonly [document: string, exit: number, line: string])[] = [
  ['check', 0, 'check cluster.yaml --json'],
  ['lock-check', 3, 'lock check cluster.yaml --json'],
  ['gc', 0, 'gc --cache cache --dry-run --json'],
  ['keygen', 0, 'keygen release --json'],
  ['seed', 0, 'seed cluster.yaml --json'],
  ['rehearse-list', 0, 'rehearse --list --json'],
  ['diff', 3, 'diff old.lock.json new.lock.json --format json --pool pool'],
  ['drift', 3, 'drift fleet/answers.yaml --max-age 99999d --json'],
];

it.each(cases)('%s: exit %i and a document of its shape from ingot %s', async (name, exit, line) => {
  const { world, out } = fakeWorld({ cwd: folder, env: { HOME: folder } });
  // A spec is named as the user would name it.
  const args = line.split(' ').map((word) => (word === 'cluster.yaml' ? join(folder, word) : word));
  expect(await commandLine(world, args)).toBe(exit);
  const document: unknown = JSON.parse(out());
  const of = allShapes[name];
  if (of === undefined) throw new Error(`there is no shape ${name}`);
  // The strict shape finds a field that nobody documented, the published one is what others validate with.
  expect(of.shape.safeParse(document).error?.issues ?? []).toEqual([]);
  const ajv = new Ajv2020({ validateFormats: false, allowUnionTypes: true });
  expect(ajv.validate(shapeJsonSchema(name, of), document), ajv.errorsText()).toBe(true);
});

it('ingot schema prints the schema of a document, and names all of them for an unknown one', async () => {
  const { world, out } = fakeWorld();
  expect(await commandLine(world, ['schema', 'drift'])).toBe(0);
  expect(JSON.parse(out())).toMatchObject({ properties: { schema: { const: 2 } } });
  await expect(commandLine(world, ['schema', 'drfit'])).rejects.toMatchObject({
    code: 'wrong-usage',
    hint: `name one of these: ${Object.keys(allShapes).join(', ')}`,
  });
});
