import type { Host } from './host.ts';

/** Loaded with the first program that is started: an unchanged bake starts none, and execa takes longer to load than all else it does. */
const programs = () => import('./programs.ts');

/**
 * The real host: processes in groups of their own, the wall clock.
 * @param showWarning writes a warning, which ends without a newline; without it there are none
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
