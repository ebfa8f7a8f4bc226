import { type Document, isScalar, type LineCounter, type Node, Scalar } from 'yaml';
import { z } from 'zod';
import { findNode, type Path } from './find-node.ts';
import { nearestWord } from './nearest-word.ts';
import type { YamlProblem } from './problem.ts';
import { about, aboutKeys, knownKeys, mapOf, schemaAt } from './schema-at.ts';
import { expected, kind, label, shownValue, typeName } from './words.ts';

type Issue = z.core.$ZodIssue;

/** What a rule of a schema adds to its message (zod's `params`). */
export interface RuleParams {
  readonly right: string;
  /** For a repeated value: the first occurrence, as a path of the same length as the rule's own. */
  readonly firstAt?: Path | undefined;
  /** The path in the file of a related value. */
  readonly otherAt?: Path | undefined;
  /** Point at the key instead of its value. */
  readonly atKey?: boolean;
}

export interface IssueContext {
  readonly schema: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
  /** Keys (nested ones as `a.b`) that are refused for a specific reason, with what would be right. */
  readonly reserved: Readonly<Record<string, string>>;
}

function unknownKey(key: string, path: Path, { schema, document, reserved }: IssueContext): YamlProblem {
  const known = knownKeys(schemaAt(schema, path));
  const meant = nearestWord(key, known);
  const named = label([...path, key]);
  const refused = Object.hasOwn(reserved, named) ? reserved[named] : undefined;
  const place = findNode(document, [...path, key]);
  return {
    offset: place.keyOffset ?? place.offset,
    message: `there is no key ${key} ${path.length === 0 ? 'here' : `in ${label(path)}`}`,
    right: refused ?? (meant === undefined ? `one of ${known.join(', ')}` : `did you mean ${meant}?`),
  };
}

function invalidKey(issue: Issue, { schema, document }: IssueContext): YamlProblem {
  const keys = aboutKeys(schemaAt(schema, issue.path.slice(0, -1)));
  const place = findNode(document, issue.path);
  const message = `${shownValue(issue.input)} is not a valid ${keys.title ?? 'key'}`;
  return { offset: place.keyOffset ?? place.offset, message, ...expected(keys) };
}

function brokenRule(issue: z.core.$ZodIssueCustom, { document, lines }: IssueContext): YamlProblem {
  const found = findNode(document, issue.path);
  const { message, path } = issue;
  if (issue.params === undefined) return { offset: found.offset, message };
  const { right, firstAt, otherAt, atKey } = issue.params as RuleParams;
  const offset = atKey === true ? (found.keyOffset ?? found.offset) : found.offset;
  if (otherAt !== undefined) {
    const { line, col } = lines.linePos(findNode(document, otherAt).offset);
    return { offset, message, right: `${right}; the other is at line ${line}, column ${col}` };
  }
  if (firstAt === undefined) return { offset, message, right };
  const first = findNode(document, [...path.slice(0, path.length - firstAt.length), ...firstAt]);
  const { line, col } = lines.linePos(first.offset);
  return { offset, message, right: `${right}; the first is at line ${line}, column ${col}` };
}

/** Explains how to write a value without quotes that YAML interpreted in an unintended way. */
function rewritten(schema: unknown, node: Node | undefined): { right?: string } {
  if (!isScalar(node) || node.type !== Scalar.PLAIN || node.source === undefined || node.source === '')
    return {};
  const { source, value } = node;
  const takes = (other: unknown): boolean => schema instanceof z.ZodType && schema.safeParse(other).success;
  if (typeof value !== 'string' && takes(source))
    return { right: `YAML reads ${source} as ${kind(value)}; write it in quotes: "${source}"` };
  if (/^(?:y|yes|on)$/i.test(source) && takes(true)) return { right: 'write true' };
  if (/^(?:n|no|off)$/i.test(source) && takes(false)) return { right: 'write false' };
  return {};
}

function limit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'array') return `must have ${bound} of them`;
  return `must be ${bound}, this is ${kind(issue.input)}`;
}

function wrongValue(issue: Issue, title: string): string {
  const name = label(issue.path) || 'the file';
  switch (issue.code) {
    case 'invalid_type':
      return `${name} must be ${typeName(issue.expected)}, this is ${kind(issue.input)}`;
    case 'too_small':
    case 'too_big':
      return `${name} ${limit(issue)}`;
    default:
      return isIpv6(issue)
        ? `${shownValue(issue.input)} is an IPv6 address, and Mesos connects its masters and agents only by IPv4`
        : `${shownValue(issue.input)} is not a valid ${title}`;
  }
}

/** An IPv6 address where an IPv4 address is needed: the reason is Mesos, not the text. */
const isIpv6 = (issue: Issue): boolean =>
  issue.code === 'invalid_format' && issue.format === 'ipv4' && z.ipv6().safeParse(issue.input).success;

/** Returns the issues of the map form of a union, at their paths in the file, if the value is a map. */
function issuesOfMap(issue: z.core.$ZodIssueInvalidUnion, schema: unknown): readonly Issue[] | undefined {
  const isMap = typeof issue.input === 'object' && issue.input !== null && !Array.isArray(issue.input);
  if (!isMap || mapOf(schemaAt(schema, issue.path)) === undefined) return undefined;
  // Every other form is refused simply because the value is a map.
  const own = issue.errors.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || !['invalid_type', 'invalid_value'].includes(code)),
  );
  return own?.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/**
 * Converts one issue of zod to problems with a place and what would be right, in the words of the schema's titles and
 * descriptions.
 */
export function explainIssue(issue: Issue, context: IssueContext): YamlProblem[] {
  const { path, input } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, context));
  if (issue.code === 'invalid_key') return [invalidKey(issue, context)];
  if (issue.code === 'custom') return [brokenRule(issue, context)];
  const below = issue.code === 'invalid_union' ? issuesOfMap(issue, context.schema) : undefined;
  if (below !== undefined) return below.flatMap((one) => explainIssue(one, context));

  const schema = schemaAt(context.schema, path);
  const what = about(schema);
  const name = label(path) || 'the file';
  const choices = issue.code === 'invalid_value' ? { right: issue.values.map(String).join(' or ') } : {};
  const { right } = { ...expected(what), ...choices };
  const { offset, value: node } = findNode(context.document, path);
  const saying = (message: string, advice: string | undefined): YamlProblem[] => [
    { offset, message, ...(advice === undefined ? {} : { right: advice }) },
  ];
  if (input === undefined && node === undefined) return saying(`${name} is missing`, right);
  if (input === null) {
    const leave = 'or remove the key';
    return saying(`${name} is empty`, right === undefined ? leave : `${right}; ${leave}`);
  }
  return saying(wrongValue(issue, what.title ?? name), rewritten(schema, node).right ?? right);
}
