import type { FieldChange, PathChange } from '../image-diff.ts';
import { growthText, type Section, sizeText } from '../report-parts.ts';

/** The number of paths per owner that are shown by default. */
const shownPaths = 20;
const signs = { added: '+', removed: '-', changed: '~' } as const;

/** Every path that differs, grouped by owner. */
export function filesSection(paths: readonly PathChange[], all: boolean): Section | undefined {
  if (paths.length === 0) return undefined;
  const owners = new Map<string, PathChange[]>();
  for (const one of paths) owners.set(one.owner, [...(owners.get(one.owner) ?? []), one]);
  return {
    title: 'Files',
    blocks: [...owners]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([owner, own]) => {
        const shown = all ? own : own.slice(0, shownPaths);
        const rest = own.length - shown.length;
        const lines = [...shown.map(pathLine), ...(rest === 0 ? [] : [`(and ${rest} more)`])];
        return { title: owner, language: 'text', lines };
      }),
  };
}

/** "~ /usr/bin/tool  content, 12 B → 14 B; mode 0755 → 4755 SET-UID". */
export function pathLine(one: PathChange): string {
  const { path, kind, also } = one;
  const facts = [
    ...(kind === 'changed' ? changedFacts(one) : oneSideFacts(one)),
    ...(also.length === 0 ? [] : [`also ${also.join(', ')}`]),
  ];
  return `${signs[kind]} ${path}${facts.length === 0 ? '' : `  ${facts.join('; ')}`}`;
}

/** The bits of an octal mode that give a program more rights than its caller. */
const privilege = (mode = '0'): string => {
  const bits = parseInt(mode, 8);
  return `${(bits & 0o4000) === 0 ? '' : ' SET-UID'}${(bits & 0o2000) === 0 ? '' : ' SET-GID'}`;
};

function changedFacts({ fields }: PathChange): string[] {
  const size = fields.find(({ name }) => name === 'size');
  return fields.flatMap(({ name, before, after }) => {
    if (name === 'size') return [];
    if (name === 'sha256' && before !== undefined && after !== undefined)
      return [`content${size === undefined ? '' : `, ${growth(size)}`}`];
    if (name === 'sha256') return [];
    return [`${name} ${before ?? '(none)'} → ${after ?? '(none)'}${name === 'mode' ? privilege(after) : ''}`];
  });
}

const growth = ({ before, after }: FieldChange): string =>
  `${sizeText(Number(before ?? 0))} → ${sizeText(Number(after ?? 0))} (${growthText(Number(after ?? 0) - Number(before ?? 0))})`;

function oneSideFacts({ type, kind, fields }: PathChange): string[] {
  const side = kind === 'added' ? 'after' : 'before';
  const value = (name: string): string | undefined => fields.find((one) => one.name === name)?.[side];
  const [size, target, mode] = [value('size'), value('target'), value('mode')];
  return [
    ...(type === 'file' || type === undefined ? [] : [type]),
    ...(size === undefined ? [] : [sizeText(Number(size))]),
    ...(target === undefined ? [] : [`→ ${target}`]),
    ...(type !== 'directory' && privilege(mode) !== '' ? [`mode ${mode ?? ''}${privilege(mode)}`] : []),
    ...fields.filter(({ name }) => name.startsWith('xattrs.')).map((one) => `${one.name} ${one[side] ?? ''}`),
  ];
}
