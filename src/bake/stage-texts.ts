import { createHash } from 'node:crypto';
import { proofSeed } from '../boot-test/proof-seed.ts';
import { verificationNodes } from '../boot-test/verify-cluster.ts';
import type { Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import { roles } from '../inputs/roles.ts';
import { allTargets } from '../inputs/targets/all-targets.ts';
import { placeholder, renderAll } from '../render/render-all.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import type { RenderedInputs, RenderingStage } from './cache/make-stages.ts';
import type { Inputs } from './cache/stage.ts';
import { versionTexts } from './version-texts.ts';

type Texts = readonly RenderedFile[];
type RenderedTexts = Readonly<Record<RenderingStage, Texts>>;

/** Which stage what `ingot render` shows goes into, by its folder; what is in no folder of these goes into the tree, and so into all. */
const folders: readonly (readonly [prefix: string, stage: RenderingStage | 'none'])[] = [
  // As they are: the digests of their own files are in the key.
  ['packer/guest/', 'none'],
  ['packer/', 'changes'],
  ['cloud-init/build/', 'changes'],
  // Nodes are given it after they are baked; the seed of the proof is another.
  ['cloud-init/node/', 'none'],
  ['boot/', 'artifacts'],
  ...allTargets.flatMap(({ texts }) =>
    texts === undefined ? [] : [[`${texts.folder}/`, 'artifacts'] as const],
  ),
  ['node/', 'tree'],
];

function stageOf(path: string): RenderingStage | 'none' {
  return folders.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'tree';
}

/** The plan as the keys of one role see it. How long a bake may take is no part of an image. */
function planFor(plan: Plan, role: Role): Plan {
  const roles = plan.roles.filter((one) => one.role === role);
  return { ...plan, roles, guest: { ...plan.guest, timeoutMinutes: 1 } };
}

function textsFor(plan: Plan, role: RolePlan, templates: Templates): RenderedTexts {
  const all = renderAll(planFor(plan, role.role), templates);
  const of = (stage: RenderingStage): Texts => all.filter(({ path }) => stageOf(path) === stage);
  // By its path on the node.
  const onNode = of('tree').map((text) => ({ ...text, path: text.path.replace(`node/${role.role}/`, '/') }));
  const { version, rootHash, authorizedKey } = placeholder;
  // Whether it holds stand-ins follows from the packages, which are in the key.
  const sealed = { version, rootHash, rootBytes: 0, memoryMiB: role.memoryMiB, production: true };
  const named = (folder: string, texts: Texts): Texts =>
    texts.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
  const { needs } = roles[role.role].bootTest;
  const nodes = needs === undefined ? [role.role] : [needs, role.role];
  return {
    tree: onNode,
    changes: of('changes'),
    artifacts: [...of('artifacts'), ...named('version', versionTexts(templates, plan, role, sealed))],
    verification: nodes.flatMap((name) =>
      named(`proof/${name}`, proofSeed(templates, plan.cluster, verificationNodes[name], authorizedKey)),
    ),
  };
}

function digests(texts: Texts): Inputs {
  return Object.fromEntries(
    texts.map(({ path, content, mode }) => {
      const digest = createHash('sha256').update(content).digest('hex');
      return [`rendered ${path}`, mode === undefined ? digest : `${mode} ${digest}`];
    }),
  );
}

/**
 * The digests of what is rendered for the stages of every role of a plan; where only a bake knows what comes, a word in upper case is in its place.
 * @throws IngotError wrong-input for a template that does not fit
 */
export function stageTexts(
  plan: Plan,
  templates: Templates,
): Readonly<Partial<Record<Role, RenderedInputs>>> {
  const ofRole = (role: RolePlan): RenderedInputs => {
    const { tree, changes, artifacts, verification } = textsFor(plan, role, templates);
    return {
      tree: digests(tree),
      changes: digests(changes),
      artifacts: digests(artifacts),
      verification: digests(verification),
    };
  };
  return Object.fromEntries(plan.roles.map((role) => [role.role, ofRole(role)]));
}
