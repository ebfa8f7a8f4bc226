import { differenceText } from '../diff/compare/difference-text.ts';
import type { Reproduction } from './reproduce-images.ts';

/** Formats the comparison of one role that was baked again: the digest of each file, or what differs. */
export function reproductionText(one: Reproduction): string {
  const { role, storedVersion, madeVersion, otherPrograms, difference } = one;
  const text = differenceText(difference);
  if (difference.equal) return `${role} ${storedVersion}: the same bits\n${text}`;
  const versions =
    storedVersion === madeVersion ? storedVersion : `${storedVersion}, the rebuild ${madeVersion}`;
  const programs = otherPrograms.map((line) => `  build tools changed: ${line}\n`).join('');
  return `${role}: not the same bits. The store has ${versions}\n${programs}${text}`;
}
