import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import type { RenderedInputs } from './keys/stage-material.ts';
import { type RecordedVersion, recordedVersion } from './records/stage-record.ts';

type RenderedRoles = Readonly<Partial<Record<Role, RenderedInputs>>>;

/**
 * Returns one digest of everything that determines the rendered texts: the whole plan, the templates and the code that
 * renders.
 * @param files digests of the project's files, by path
 */
export function renderInputsDigest(plan: Plan, files: ReadonlyMap<string, string>, code: string): string {
  const templates = [...files].filter(([path]) => path.startsWith('templates/'));
  return createHash('sha256')
    .update(JSON.stringify([plan, templates, code, process.version]))
    .digest('hex');
}

/** Reads the digests of rendered texts from the inputs of a record. */
function inRecord({ stages }: RecordedVersion['record']): RenderedInputs {
  const ofStages = Object.entries(stages).map(([stage, { inputs }]) => {
    const rendered = Object.entries(inputs).filter(([label]) => label.startsWith('rendered '));
    return [stage, Object.fromEntries(rendered)] as const;
  });
  return Object.fromEntries(ofStages);
}

/**
 * Returns the digests of the texts rendered for each role. If the store's latest image was rendered from the same
 * input, its digests are used. An up-to-date bake then need not load and run the renderer, which takes longer than the
 * rest of it.
 */
export async function renderedDigests(
  { plan, roles, out }: { readonly plan: Plan; readonly roles: readonly Role[]; readonly out: string },
  rendering: string,
): Promise<RenderedRoles> {
  const known = await Promise.all(
    roles.map(async (role) => {
      const record = (await recordedVersion(out, role))?.record;
      return record?.rendering === rendering ? ([role, inRecord(record)] as const) : undefined;
    }),
  );
  const reusable = known.filter((one) => one !== undefined);
  if (reusable.length === roles.length) return Object.fromEntries(reusable);
  const { stageTexts } = await import('./stage-texts.ts');
  return stageTexts(plan, await loadTemplates(join(projectFolder, 'templates'), plan.templates));
}
