import type { RootDiff, SizeChange } from '../image-diff.ts';
import { growthText, type Section, sizeText } from '../report-parts.ts';

const row = (name: string, before: number | undefined, after: number | undefined): string[] => [
  name,
  before === undefined ? '' : sizeText(before),
  after === undefined ? '' : sizeText(after),
  growthText((after ?? 0) - (before ?? 0)),
];

/** Of the version's files those are told that are so large on a side, bytes. */
const largeFile = 1024 ** 2;
/** So many owners are told unless all are asked for. */
const shownOwners = 20;

const isLarge = ({ before = 0, after = 0 }: SizeChange): boolean => Math.max(before, after) >= largeFile;

/** The root in all, what each owner has more or less in it, and the files of the version. */
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
    ...(small.length === 0 ? {} : { lines: [`small files that are others: ${small.join(', ')}`] }),
  };
}
