import type { Inputs } from '../cache/keyed-stage.ts';

/** Splits a label into kind and name: "package zookeeper". */
function partsOf(label: string): [kind: string, name: string] {
  const space = label.indexOf(' ');
  return [label.slice(0, space), label.slice(space + 1)];
}

const isDigest = (value: string): boolean => /^[0-9a-f]{64}$/.test(value);

function packageText(name: string, before: string | undefined, now: string | undefined): string {
  const version = (value: string | undefined): string => value?.split(' ', 1)[0] ?? '';
  if (before === undefined) return `package ${name} ${version(now)} is new`;
  if (now === undefined) return `package ${name} ${version(before)} was removed`;
  return version(before) === version(now)
    ? `package ${name} ${version(now)} has other bytes`
    : `package ${name} ${version(before)} → ${version(now)}`;
}

function text(label: string, before: string | undefined, now: string | undefined): string {
  const [kind, name] = partsOf(label);
  switch (kind) {
    case 'package':
      return packageText(name, before, now);
    case 'file':
      return `${name} ${before === undefined ? 'is new' : now === undefined ? 'was removed' : 'changed'}`;
    case 'rendered':
      return `${name} ${before === undefined ? 'is rendered now' : now === undefined ? 'is no longer rendered' : 'is rendered differently'}`;
    case 'stage':
      return `${name} changed`;
    case 'program':
      return `program ${name} ${before ?? '(none)'} → ${now ?? '(none)'}`;
    case 'code':
      return "ingot's own code changed";
    default: {
      if (before === undefined) return `${label} is new`;
      if (now === undefined) return `${label} was removed`;
      return isDigest(before) || isDigest(now) ? `${label} changed` : `${label} "${before}" → "${now}"`;
    }
  }
}

/** The order of reported changes: direct edits first, their consequences last. */
const order = ['file', 'package', 'setting', 'check', 'rendered', 'program', 'code', 'stage'];

/** Lists how a stage's inputs differ from those of an earlier run, one line each; empty if they are equal. */
export function changedInputs(before: Inputs, now: Inputs): string[] {
  const labels = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (label) => before[label] !== now[label],
  );
  const rank = (label: string): number => order.indexOf(partsOf(label)[0]);
  return labels
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((label) => text(label, before[label], now[label]));
}
