import type { Host } from './host.ts';

/**
 * Loaded when the first program is started. An unchanged bake starts none, and loading execa takes longer than
 * everything else such a bake does.
 */
const programs = () => import('./programs.ts');

/**
 * The real host: processes in their own groups, the wall clock.
 * @param showWarning writes a warning, which ends without a newline; default: warnings are dropped
 */
export function makeHost(showWarning?: (text: string) => void): Host {
  const shown = new Set<string>();
  return {
    run: async (...call) => (await programs()).run(...call),
    start: async (...call) => (await programs()).start(...call),
    now: () => Date.now(),
    warn: (text) => {
      if (!shown.has(text)) showWarning?.(text);
      shown.add(text);
    },
  };
}
