import type { AllowedDifference } from './allowed.ts';
import type { Inventory } from './inventory.ts';

/** The facts of one kind: how many are equal, which differ in an allowed way, and which must not differ. */
export interface ComparedKind {
  readonly kind: string;
  readonly equal: number;
  readonly allowed: readonly { readonly what: string; readonly why: string }[];
  readonly refused: readonly string[];
}

/** The kinds of facts: the prefix of their names in the inventory, and their title. */
const kinds = [
  ['root ', 'golden root'],
  ['kernel ', 'kernel'],
  ['module ', 'kernel modules'],
  ['setting ', 'kernel settings'],
  ['mount ', 'mounts'],
  ['listens ', 'open ports'],
  ['runs ', 'services that run'],
  ['unit ', 'units as declared'],
  ['above the root ', 'files above the root'],
  ['state ', 'files of the state'],
] as const;

interface Difference {
  readonly what: string;
  readonly text: string;
  /** True if only values that are each node's own differ. */
  readonly onlyOwn: boolean;
}

function differences(first: Inventory, second: Inventory): Difference[] {
  const names = [...new Set([...first.keys(), ...second.keys()])].sort();
  return names.flatMap((what): Difference[] => {
    const [one, two] = [first.get(what), second.get(what)];
    if (one === undefined || two === undefined)
      return [
        { what, text: `${what}: only the ${one === undefined ? 'second' : 'first'} has it`, onlyOwn: false },
      ];
    if (one.is === two.is) return [];
    return [{ what, text: `${what}: ${one.is} and ${two.is}`, onlyOwn: one.own === two.own }];
  });
}

/**
 * Compares two nodes of a role. Every fact of either node is equal, or differs in a way that a rule with a reason
 * allows, or is refused.
 */
export function compareNodes(
  first: Inventory,
  second: Inventory,
  rules: readonly AllowedDifference[],
): ComparedKind[] {
  const found = differences(first, second);
  const ruleOf = ({ what, onlyOwn }: Difference) =>
    rules.find((rule) => rule.matches(what) && (rule.how === 'any' || onlyOwn));
  const all = new Set([...first.keys(), ...second.keys()]);
  return kinds.map(([prefix, kind]) => {
    const own = found.filter(({ what }) => what.startsWith(prefix));
    return {
      kind,
      equal: [...all].filter((what) => what.startsWith(prefix)).length - own.length,
      allowed: own.flatMap((difference) => {
        const rule = ruleOf(difference);
        return rule === undefined ? [] : [{ what: difference.what.slice(prefix.length), why: rule.why }];
      }),
      refused: own.filter((difference) => ruleOf(difference) === undefined).map(({ text }) => text),
    };
  });
}
