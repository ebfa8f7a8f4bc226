import { createHash } from 'node:crypto';
import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeProvenance } from '../../../../src/bake/publish/write-provenance.ts';
import { hostPrograms } from '../../../../src/bake/records/program-record.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { projectFolder } from '../../../../src/host/project-folder.ts';
import { provenanceSchema } from '../../../samples/provenance-schema.ts';
import { sampleMaterial, stagesOf } from '../../../samples/stages.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
const purl = 'pkg:deb/debian/a@1.0-1?arch=amd64&distro=debian-12';
const bom = { components: [{ name: 'debian' }, { purl, hashes: [{ content: 'a'.repeat(64) }] }] };
const { plan, lock } = sampleMaterial;
const [, slave] = plan.roles;

/** A staged version in the state before it is published, and its provenance. */
async function written(programs: Readonly<Record<string, string>>) {
  const out = await temporaryFolder();
  const run = join(out, 'runs', '20261122T003044Z-abcdef');
  const folder = join(run, 'staged', 'slave');
  await mkdir(join(folder, 'netboot'), { recursive: true });
  await writeFile(join(folder, 'root.squashfs'), 'a root');
  await writeFile(join(folder, 'checks.json'), '{}');
  await writeFile(join(folder, 'SHA256SUMS'), 'of an earlier try');
  await link(join(folder, 'root.squashfs'), join(folder, 'netboot', 'root.squashfs'));
  await writeFile(join(folder, 'sbom.cdx.json'), JSON.stringify(bom));
  const stages = stagesOf(sampleMaterial);
  const isRoot = stages.all.filter(({ name }) => name === 'root');
  const verdicts = new Map(isRoot.map((stage) => [stage, 'cached'] as const));
  const bake = {
    ...{ specSha256: 'b'.repeat(64), lock, targets: plan.targets, stages, verdicts, programs },
    ...{ code: 'c'.repeat(64), run, begun: Date.now() },
  };
  if (slave === undefined) throw new Error('the sample has no slave');
  // Files that were read when they were made are not read again; records are.
  const sha256 = createHash('sha256').update('a root').digest('hex');
  const digests = new Map([['root.squashfs', { sha256, size: 6 }]]);
  await writeProvenance(bake, { role: slave, folder, digests }, Date.now());
  const text = await readFile(join(folder, 'provenance.json'), 'utf8');
  return { out, folder, text, statement: provenanceSchema.parse(JSON.parse(text)) };
}

test('the subjects of a provenance are all files of the version except the list that is written after it, as sha256sum reads them', async () => {
  const { folder, statement } = await written(await hostPrograms());
  const files = ['checks.json', 'netboot/root.squashfs', 'root.squashfs', 'sbom.cdx.json'];
  const { stdout } = await host.run('sha256sum', files, { cwd: folder });
  expect(statement.subject.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('')).toBe(stdout);
});

test('the provenance records what this bake did with each stage, and what each package is', async () => {
  const { statement } = await written(await hostPrograms());
  const { internalParameters, resolvedDependencies } = statement.predicate.buildDefinition;
  expect(internalParameters.stages['root slave']?.was).toBe('cached');
  expect(internalParameters.stages['tree slave']?.was).toBe('idle');
  expect(resolvedDependencies).toContainEqual({ uri: purl, digest: { sha256: 'a'.repeat(64) } });
  expect(resolvedDependencies.slice(0, 3).map(({ name }) => name)).toEqual([
    'images/',
    'node-tools/',
    'templates/',
  ]);
});

test('the provenance contains neither the host name nor a path of the host, whatever programs were installed by hand', async () => {
  const byHand = { packer: '/opt/secret place/bin/packer 4711 2026-11-22T00:00:00.000Z' };
  const { out, text, statement } = await written({ ...(await hostPrograms()), ...byHand });
  for (const part of [out, projectFolder, `"${hostname()}"`, '/opt', 'secret'])
    expect(text).not.toContain(part);
  const { version } = statement.predicate.runDetails.builder;
  expect(version['packer']).toBe('not from dpkg: packer 4711 2026-11-22T00:00:00.000Z');
  expect(version['squashfs-tools']).toMatch(/^\d/);
});
