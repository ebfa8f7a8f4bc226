import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { renderNodeFiles } from '../render/render-node-files.ts';
import { loadTemplates } from './load-templates.ts';
import { declaredPaths, mountedPaths } from './plan/declared-paths.ts';
import { layerName, layerPlace } from './plan/layer-place.ts';
import type { PathFact, RolePaths } from './plan/path-fact.ts';
import type { Plan, RolePlan } from './plan/plan.ts';
import { parseProtectedPaths } from './plan/protected-paths.ts';
import { readResidueRules, residueRule } from './residue-rules.ts';

const images = join(projectFolder, 'images');

/** Returns what is below a role's layers, by path on the node; files with their path in the project. */
async function layerEntries(role: RolePlan) {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const layer of role.layers) {
    if (!layer.startsWith(`${projectFolder}/`)) continue;
    const place = layerPlace(layer);
    for (let above = place; above.length > 1; above = dirname(above)) folders.add(above);
    for (const entry of await readdir(layer, { recursive: true, withFileTypes: true })) {
      const below = join(entry.parentPath, entry.name).slice(layer.length);
      if (below.includes('/__pycache__')) continue;
      if (entry.isDirectory()) folders.add(`${place}${below}`);
      else files.set(`${place}${below}`, `${layerName(layer)}${below}`);
    }
  }
  return { files, folders };
}

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

/** Returns what the files of images/ declare about paths: where something is mounted, and what is derived. */
async function declaredFacts(files: ReadonlyMap<string, string>): Promise<PathFact[]> {
  const facts: PathFact[] = [];
  for (const [path, from] of files) {
    if (path.startsWith('/usr/lib/ingot/drift.d/')) facts.push(...declaredPaths(await text(from)));
    if (/\/systemd\/system\/[^/]+\.mount$/.test(path)) {
      facts.push(...mountedPaths(await text(from)));
      facts.push(
        exactly(path, `must not be written by the spec: ${from} mounts a node's state`, 'another unit'),
      );
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
    why: () => `is of ${unit}, which images/ masks: it never starts`,
    instead: () => 'a unit with another name',
  };
}

/**
 * Collects everything that determines which files of a spec can be in the images of a plan.
 * @throws IngotError wrong-images if images/ has errors
 */
export async function pathFacts(plan: Plan): Promise<RolePaths[]> {
  const templates = await loadTemplates(join(projectFolder, 'templates'));
  const guarded = await text('images/protected.yaml');
  const residue = await residueFact();
  return await Promise.all(
    plan.roles.map(async (role): Promise<RolePaths> => {
      const entries = await layerEntries(role);
      const generated = renderNodeFiles(templates, plan, role.role, { tool: '', standIns: [] });
      return {
        role: role.role,
        ...entries,
        facts: [
          ...parseProtectedPaths(guarded, 'images/protected.yaml', (path) => entries.files.has(path)),
          residue,
          ...(await declaredFacts(entries.files)),
          ...role.unitsMasked.map(maskedFact),
          ...generated.map(({ path }) =>
            exactly(
              path,
              'is generated from the spec',
              'the key of the spec that it is made of, or another name',
            ),
          ),
        ],
      };
    }),
  );
}
