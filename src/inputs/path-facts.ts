import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { renderNodeFiles } from '../render/render-node-files.ts';
import { loadTemplates } from './load-templates.ts';
import { declaredPaths, mountedPaths } from './plan/declared-paths.ts';
import { layerName, layerPlace } from './plan/layer-place.ts';
import type { LayerPaths, PathFact, RolePaths } from './plan/path-fact.ts';
import type { Plan, RolePlan } from './plan/plan.ts';
import { parseProtectedPaths, type PathWriter, writerWords } from './plan/protected-paths.ts';
import { readResidueRules, residueRule } from './residue-rules.ts';

const images = join(projectFolder, 'images');

/** What is below one folder of a role, by path on the node. */
interface Entries extends LayerPaths {
  /** Absolute path on the node to the absolute path of the file on the build host. */
  readonly sources: ReadonlyMap<string, string>;
}

async function entriesOf(layer: string, label: string): Promise<Entries> {
  const [files, sources, folders] = [new Map<string, string>(), new Map<string, string>(), new Set<string>()];
  const place = layerPlace(layer);
  for (let above = place; above.length > 1; above = dirname(above)) folders.add(above);
  for (const entry of await readdir(layer, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name);
    const below = source.slice(layer.length);
    if (below.includes('/__pycache__')) continue;
    if (entry.isDirectory()) folders.add(`${place}${below}`);
    else {
      files.set(`${place}${below}`, `${label}${below}`);
      sources.set(`${place}${below}`, source);
    }
  }
  return { files, sources, folders };
}

/** Returns what is below each layer of a role, in their order. */
async function layerEntries(plan: Plan, role: RolePlan): Promise<readonly Entries[]> {
  const entries: Entries[] = [];
  for (const layer of role.layers) {
    const site = (plan.siteLayers ?? []).find(({ folder }) => layer === `${folder}/rootfs`);
    if (site !== undefined) entries.push({ site, ...(await entriesOf(layer, `${site.name}/rootfs`)) });
    else if (layer.startsWith(`${projectFolder}/`)) entries.push(await entriesOf(layer, layerName(layer)));
  }
  return entries;
}

const merged = (maps: readonly ReadonlyMap<string, string>[]): Map<string, string> =>
  new Map(maps.flatMap((map) => [...map]));

async function residueFact(): Promise<PathFact> {
  const rules = await readResidueRules(join(images, 'residue.yaml'));
  const ruleOf = (path: string) => residueRule(rules, path);
  return {
    matches: (path) => ruleOf(path) !== undefined,
    why: (path) => `is removed when the image is sealed: ${ruleOf(path)?.why ?? ''}`,
    instead: (path) => ruleOf(path)?.instead ?? 'another path: no image has a file there',
  };
}

const text = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

/** Returns what the files of layers declare about paths: where something is mounted, and what is derived. */
async function declaredFacts(entries: readonly Entries[], writer: PathWriter): Promise<PathFact[]> {
  const facts: PathFact[] = [];
  const files = merged(entries.map((one) => one.files));
  for (const [path, source] of merged(entries.map(({ sources }) => sources))) {
    if (path.startsWith('/usr/lib/ingot/drift.d/'))
      facts.push(...declaredPaths(await readFile(source, 'utf8')));
    if (/\/systemd\/system\/[^/]+\.mount$/.test(path)) {
      facts.push(...mountedPaths(await readFile(source, 'utf8')));
      const from = files.get(path) ?? '';
      const why = `must not be written by ${writerWords[writer]}: ${from} mounts a node's state`;
      facts.push(exactly(path, why, 'another unit'));
    }
  }
  return facts;
}

function exactly(path: string, why: string, instead: string): PathFact {
  return { matches: (other) => other === path, why: () => why, instead: () => instead };
}

function maskedFact(unit: string): PathFact {
  const places = ['/etc/systemd/system', '/usr/lib/systemd/system'].map((folder) => `${folder}/${unit}`);
  return {
    matches: (path) => places.some((place) => path === place || path.startsWith(`${place}.d/`)),
    why: () => `is of ${unit}, which is masked: it never starts`,
    instead: () => 'a unit with another name',
  };
}

/**
 * Collects everything that determines which files of a spec can be in the images of a plan.
 * @throws IngotError wrong-images if images/ has errors
 */
export async function pathFacts(plan: Plan): Promise<RolePaths[]> {
  const templates = await loadTemplates(join(projectFolder, 'templates'), plan.templates);
  const guarded = await text('images/protected.yaml');
  const residue = await residueFact();
  return await Promise.all(
    plan.roles.map(async (role): Promise<RolePaths> => {
      const layers = await layerEntries(plan, role);
      const files = merged(layers.map((one) => one.files));
      const generated = renderNodeFiles(templates, plan, role.role, { tool: '', standIns: [] });
      const common = [
        residue,
        ...role.unitsMasked.map(maskedFact),
        ...generated.map(({ path }) =>
          exactly(
            path,
            'is generated from the spec',
            'the key of the spec that it is made of, or another name',
          ),
        ),
      ];
      const guards = (writer: PathWriter) =>
        parseProtectedPaths(guarded, 'images/protected.yaml', writer, (path) => files.has(path));
      return {
        role: role.role,
        ...{ layers, files, folders: new Set(layers.flatMap(({ folders }) => [...folders])) },
        facts: [...guards('spec'), ...common, ...(await declaredFacts(layers, 'spec'))],
        layerFacts: [
          ...guards('layer'),
          ...common,
          ...(await declaredFacts(
            layers.filter(({ site }) => site === undefined),
            'layer',
          )),
        ],
      };
    }),
  );
}
