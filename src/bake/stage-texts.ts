import { createHash } from 'node:crypto';
import { bootTestSeed } from '../boot-test/boot-test-seed.ts';
import { verificationNodes } from '../boot-test/verify-cluster.ts';
import type { Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import { placeholder, renderAll } from '../render/render-all.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import { versionTexts } from './build/version-texts.ts';
import type { Inputs } from './cache/keyed-stage.ts';
import type { RoleDescription, RoleTexts } from './keys/stage-description.ts';
import type { RenderedInputs } from './keys/stage-material.ts';
import { allStages } from './stages/all-stages.ts';

type Texts = readonly RenderedFile[];

/**
 * Rendered texts that no stage uses in rendered form: guest scripts are in the key as files, and nodes receive their
 * seed after the bake.
 */
const ofNoStage = ['packer/guest/', 'cloud-init/node/'];

/** Returns the stage that uses a text shown by `ingot render`: the one with the longest matching path prefix. */
function stageUsing(path: string): RoleDescription | undefined {
  const claims = [
    ...ofNoStage.map((prefix) => ({ prefix, stage: undefined })),
    ...allStages.flatMap((stage) =>
      stage.shared === true ? [] : (stage.rendered ?? []).map((prefix) => ({ prefix, stage })),
    ),
  ].filter(({ prefix }) => path.startsWith(prefix));
  return claims.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.stage;
}

/** The plan as far as the keys of one role depend on it. The time limit of a bake does not affect an image. */
function planFor(plan: Plan, role: Role): Plan {
  const roles = plan.roles.filter((one) => one.role === role);
  return { ...plan, roles, guest: { ...plan.guest, timeoutMinutes: 1 } };
}

/** Texts that are rendered for a role, with placeholders for values that are known only during a bake. */
function roleTexts(plan: Plan, role: RolePlan, templates: Templates): RoleTexts {
  const { version, rootHash, authorizedKey } = placeholder;
  // Whether it has stand-ins follows from the packages, which are in the key.
  const sealed = { version, rootHash, rootBytes: 0, memoryMiB: role.memoryMiB, production: true };
  const named = (folder: string, texts: Texts): Texts =>
    texts.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
  return {
    ...{ plan, role: role.role },
    version: () => named('version', versionTexts(templates, plan, role, sealed)),
    seed: (name) =>
      named(`proof/${name}`, bootTestSeed(templates, plan.cluster, verificationNodes[name], authorizedKey)),
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
 * Returns the digests of the texts rendered for the stages of every role of a plan. A word in upper case replaces each
 * value that is known only during a bake.
 * @throws IngotError wrong-template for a template that does not fit
 */
export function stageTexts(
  plan: Plan,
  templates: Templates,
): Readonly<Partial<Record<Role, RenderedInputs>>> {
  return Object.fromEntries(plan.roles.map((role) => [role.role, rendered(plan, role, templates)]));
}
