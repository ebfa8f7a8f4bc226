import { createHash } from 'node:crypto';
import { proofSeed } from '../boot-test/proof-seed.ts';
import { verificationNodes } from '../boot-test/verify-cluster.ts';
import type { Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import { placeholder, renderAll } from '../render/render-all.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import type { Inputs } from './cache/keyed-stage.ts';
import type { RoleDescription, RoleTexts } from './keys/stage-description.ts';
import type { RenderedInputs } from './keys/stage-material.ts';
import { versionTexts } from './make/version-texts.ts';
import { allStages } from './stages/all-stages.ts';

type Texts = readonly RenderedFile[];

/** What no stage uses by what is rendered: guest scripts are in the key as they are; nodes are given their seed after they are baked. */
const ofNoStage = ['packer/guest/', 'cloud-init/node/'];

/** Which stage uses a text that `ingot render` shows: the one that has the longest beginning of its path. */
function stageUsing(path: string): RoleDescription | undefined {
  const claims = [
    ...ofNoStage.map((prefix) => ({ prefix, stage: undefined })),
    ...allStages.flatMap((stage) =>
      stage.shared === true ? [] : (stage.rendered ?? []).map((prefix) => ({ prefix, stage })),
    ),
  ].filter(({ prefix }) => path.startsWith(prefix));
  return claims.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.stage;
}

/** The plan as the keys of one role see it. How long a bake may take is no part of an image. */
function planFor(plan: Plan, role: Role): Plan {
  const roles = plan.roles.filter((one) => one.role === role);
  return { ...plan, roles, guest: { ...plan.guest, timeoutMinutes: 1 } };
}

/** Texts that are rendered for a role, with placeholders for what only a bake knows. */
function roleTexts(plan: Plan, role: RolePlan, templates: Templates): RoleTexts {
  const { version, rootHash, authorizedKey } = placeholder;
  // Whether it holds stand-ins follows from the packages, which are in the key.
  const sealed = { version, rootHash, rootBytes: 0, memoryMiB: role.memoryMiB, production: true };
  const named = (folder: string, texts: Texts): Texts =>
    texts.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
  return {
    ...{ plan, role: role.role },
    version: () => named('version', versionTexts(templates, plan, role, sealed)),
    seed: (name) =>
      named(`proof/${name}`, proofSeed(templates, plan.cluster, verificationNodes[name], authorizedKey)),
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

function rendered(plan: Plan, role: RolePlan, templates: Templates): RenderedInputs {
  const shown = renderAll(planFor(plan, role.role), templates).map((text) => ({
    text,
    stage: stageUsing(text.path),
  }));
  const others = roleTexts(plan, role, templates);
  const inputs: Record<string, Inputs> = {};
  for (const stage of allStages) {
    if (stage.shared === true) continue;
    const { renderedName: nameOf = (path: string) => path } = stage;
    const own = shown
      .filter((one) => one.stage === stage)
      .map(({ text }) => ({ ...text, path: nameOf(text.path, role.role) }));
    inputs[stage.name] = digests([...own, ...(stage.texts?.(others) ?? [])]);
  }
  return inputs;
}

/**
 * The digests of what is rendered for the stages of every role of a plan; where only a bake knows what comes, a word in upper case is in its place.
 * @throws IngotError wrong-template for a template that does not fit
 */
export function stageTexts(
  plan: Plan,
  templates: Templates,
): Readonly<Partial<Record<Role, RenderedInputs>>> {
  return Object.fromEntries(plan.roles.map((role) => [role.role, rendered(plan, role, templates)]));
}
