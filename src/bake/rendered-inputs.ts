import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import type { RenderedInputs } from './keys/stage-material.ts';
import { type RecordedVersion, recordedVersion } from './records/stage-record.ts';

type RenderedRoles = Readonly<Partial<Record<Role, RenderedInputs>>>;

/**
 * One digest of all that texts are rendered of: the whole plan, templates, and the code that renders.
 * @param files digests of the project's files, by their paths
 */
export function renderedOf(plan: Plan, files: ReadonlyMap<string, string>, code: string): string {
  const templates = [...files].filter(([path]) => path.startsWith('templates/'));
  return createHash('sha256')
    .update(JSON.stringify([plan, templates, code, process.version]))
    .digest('hex');
}

/** The digests that are in the inputs of a record. */
function inRecord({ stages }: RecordedVersion['record']): RenderedInputs {
  const ofStages = Object.entries(stages).map(([stage, { inputs }]) => {
    const rendered = Object.entries(inputs).filter(([label]) => label.startsWith('rendered '));
    return [stage, Object.fromEntries(rendered)] as const;
  });
  return Object.fromEntries(ofStages);
}

/**
 * The digests of what is rendered for each role. Those of the store's latest image are taken where it was rendered of the very same:
 * a bake that has nothing to do need not load and run the renderer, which takes longer than all else that it does.
 */
export async function renderedFor(
  { plan, roles, out }: { readonly plan: Plan; readonly roles: readonly Role[]; readonly out: string },
  rendering: string,
): Promise<RenderedRoles> {
  const known = await Promise.all(
    roles.map(async (role) => {
      const record = (await recordedVersion(out, role))?.record;
      return record?.rendering === rendering ? ([role, inRecord(record)] as const) : undefined;
    }),
  );
  const there = known.filter((one) => one !== undefined);
  if (there.length === roles.length) return Object.fromEntries(there);
  const { stageTexts } = await import('./stage-texts.ts');
  return stageTexts(plan, await loadTemplates(join(projectFolder, 'templates')));
}
