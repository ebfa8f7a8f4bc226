import type { ProgressView } from './progress-view.ts';

/** Shows nothing. */
export const quietView: ProgressView = {
  open: () => Promise.resolve(),
  begins: () => undefined,
  notes: () => undefined,
  ends: () => undefined,
  close: () => undefined,
};
