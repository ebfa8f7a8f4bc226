import type { RootDiff, SizeChange } from '../image-diff.ts';
import { growthText, type Section, sizeText } from '../report-parts.ts';

const row = (name: string, before: number | undefined, after: number | undefined): string[] => [
  name,
  before === undefined ? '' : sizeText(before),
  after === undefined ? '' : sizeText(after),
  growthText((after ?? 0) - (before ?? 0)),
];

/** The size in bytes from which a file of the version is listed. */
const largeFile = 1024 ** 2;
/** The number of owners that are listed by default. */
const shownOwners = 20;

const isLarge = ({ before = 0, after = 0 }: SizeChange): boolean => Math.max(before, after) >= largeFile;

/** The total size of the root, the growth of each owner in it, and the files of the version. */
export function sizesSection({ root, byOwner, files }: RootDiff['sizes'], all: boolean): Section | undefined {
  if (files.length === 0 && byOwner.length === 0) return undefined;
  const owners = all ? byOwner : byOwner.slice(0, shownOwners);
  const rest = byOwner.slice(owners.length);
  const bytes = rest.reduce((sum, one) => sum + one.bytes, 0);
  const small = files.filter((one) => !isLarge(one)).map(({ name }) => name);
  return {
    title: 'Sizes',
    table: {
      head: ['what', 'before', 'after', 'change'],
      rows: [
        row('all files of the root', root.before, root.after),
        ...owners.map((one) => [`  ${one.owner}`, '', '', growthText(one.bytes)]),
        ...(rest.length === 0 ? [] : [[`  (${rest.length} more)`, '', '', growthText(bytes)]]),
        ...files.filter(isLarge).map(({ name, before, after }) => row(name, before, after)),
      ],
    },
    ...(small.length === 0 ? {} : { lines: [`small files that differ: ${small.join(', ')}`] }),
  };
}
