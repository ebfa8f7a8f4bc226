import { exitCodes } from '../host/ingot-error.ts';

/** Each exit status with its meaning, in the order of their numbers. */
export const exitStatuses: readonly { readonly status: number; readonly means: string }[] = [
  { status: exitCodes.done, means: 'done' },
  { status: exitCodes.failed, means: 'the work failed' },
  { status: exitCodes.wrongInput, means: 'wrong use or wrong input' },
  { status: exitCodes.difference, means: 'done, and found a difference' },
  { status: exitCodes.interrupted, means: 'interrupted' },
];
