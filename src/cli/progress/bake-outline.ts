import type { DecidedStage } from '../../bake/bake-request.ts';
import type { Outline } from './progress-view.ts';
import { expectedSeconds, type StageHistory } from './stage-history.ts';

/** The lines of a bake's display, in their order, each with the stages that run below it. */
const linesOfBake: readonly { readonly title: string; readonly stages: readonly string[] }[] = [
  { title: 'lock', stages: [] },
  { title: 'cache', stages: [] },
  { title: 'compose', stages: ['shared', 'packages', 'tree'] },
  { title: 'bake', stages: ['changes'] },
  { title: 'seal', stages: ['root', 'artifacts'] },
  { title: 'verify', stages: ['verification'] },
  { title: 'publish', stages: [] },
];

const nameOf = ({ name, role }: DecidedStage): string => (role === null ? name : `${name} ${role}`);

/**
 * What is made below a stage of the display: all of its stages that run, or those of one role.
 * @param path titles from the first level down
 * @returns names such as `tree master`; empty for what does not depend on the cache
 */
export function workBelow(path: readonly string[], decided: readonly DecidedStage[]): readonly string[] {
  const [title, role, ...rest] = path;
  if (rest.length > 0) return [];
  const { stages = [] } = linesOfBake.find((line) => line.title === title) ?? {};
  return decided
    .filter((one) => one.runs && stages.includes(one.name) && (role === undefined || one.role === role))
    .map(nameOf);
}

/**
 * The outline of a bake.
 * @param decided empty as long as the bake has not decided
 * @param caching whether the bake uses a cache
 */
export function bakeOutline(
  history: StageHistory,
  decided: readonly DecidedStage[],
  caching: boolean,
): Outline {
  const stages = linesOfBake
    .filter(({ title }) => caching || title !== 'cache')
    .map(({ title, stages: names }) => {
      const work = workBelow([title], decided);
      return {
        title,
        expectedSeconds: expectedSeconds(history, [title], work),
        fromCache: decided.length > 0 && names.length > 0 && work.length === 0,
      };
    });
  const hits = decided.filter(({ runs }) => !runs).length;
  return { stages, cache: caching && decided.length > 0 ? { hits, of: decided.length } : undefined };
}

/** Whether a stage of the first level is one of every bake, and not an announcement. */
export const isLineOfBake = (title: string | undefined): boolean =>
  linesOfBake.some((line) => line.title === title);
