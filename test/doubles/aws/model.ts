import { createRequire } from 'node:module';
import { NormalizedSchema } from '@smithy/core/schema';

// The SDK's own models: what a request may contain, how it is written, and what an answer may contain.

const load = createRequire(import.meta.url);
const modules: Readonly<Record<'ebs' | 'ec2', Record<string, unknown>>> = {
  ebs: load('@aws-sdk/client-ebs') as Record<string, unknown>,
  ec2: load('@aws-sdk/client-ec2') as Record<string, unknown>,
};

export type Service = keyof typeof modules;

/** A value of a model: what a request or an answer contains. */
export type Shape = Readonly<Record<string, unknown>>;

/** A request that is not as the model says. */
export class NotOfModel extends Error {}

interface Member {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly required: boolean;
}

const schemaOf = (service: Service, name: string): NormalizedSchema => {
  const schema = modules[service][`${name}$`];
  if (schema === undefined) throw new NotOfModel(`the model has no ${name}`);
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
};

function membersOf(schema: NormalizedSchema): Member[] {
  // The last field of a structure is the number of its required members, which come first.
  const required = Number((schema.getSchema() as readonly unknown[])[6] ?? 0);
  return [...schema.structIterator()].map(([name, member], index) => ({
    name,
    schema: member,
    traits: member.getMergedTraits(),
    required: index < required,
  }));
}

/** The schemas of an operation's request and answer, and its HTTP method, path and status. */
export function operationOf(service: Service, name: string) {
  const operation = modules[service][`${name}$`];
  if (!Array.isArray(operation)) throw new NotOfModel(`the model has no operation ${name}`);
  const [, , , traits, input, output] = operation as [
    ...[number, string, string],
    { http?: [string, string, number] } | 0,
    ...[() => never, () => never],
  ];
  return {
    http: traits === 0 ? undefined : traits.http,
    input: NormalizedSchema.of(input()),
    output: NormalizedSchema.of(output()),
  };
}

function scalar(schema: NormalizedSchema, text: string, where: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false') throw new NotOfModel(`${where} is not a Boolean: ${text}`);
    return text === 'true';
  }
  if (schema.isNumericSchema()) {
    if (!/^-?\d+$/.test(text)) throw new NotOfModel(`${where} is not a number: ${text}`);
    return Number(text);
  }
  if (schema.isTimestampSchema()) {
    if (Number.isNaN(Date.parse(text))) throw new NotOfModel(`${where} is not a time: ${text}`);
    return new Date(text);
  }
  return text;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The key of a member in a request of the protocol ec2Query (Smithy, "AWS EC2 query protocol"). */
const queryKey = ({ name, traits }: Member): string =>
  (traits['ec2QueryName'] as string | undefined) ??
  capital((traits['xmlName'] as string | undefined) ?? name);

/** Reads a value from the parameters, and removes those that it has read. */
function fromQuery(schema: NormalizedSchema, left: Map<string, string>, prefix: string): unknown {
  if (schema.isListSchema()) {
    const items: unknown[] = [];
    const member = schema.getValueSchema();
    for (let index = 1; ; index += 1) {
      const item = fromQuery(member, left, `${prefix}.${index}`);
      if (item === undefined) return items.length === 0 ? undefined : items;
      items.push(item);
    }
  }
  if (schema.isStructSchema()) return structFromQuery(schema, left, prefix);
  const text = left.get(prefix);
  if (text === undefined) return undefined;
  left.delete(prefix);
  return scalar(schema, text, prefix);
}

function structFromQuery(
  schema: NormalizedSchema,
  left: Map<string, string>,
  prefix: string,
): Shape | undefined {
  const begin = prefix === '' ? '' : `${prefix}.`;
  if (prefix !== '' && ![...left.keys()].some((key) => key.startsWith(begin))) return undefined;
  const found: Record<string, unknown> = {};
  for (const member of membersOf(schema)) {
    const value = fromQuery(member.schema, left, `${begin}${queryKey(member)}`);
    if (value !== undefined) found[member.name] = value;
    else if (member.required) throw new NotOfModel(`${begin}${queryKey(member)} is missing`);
  }
  return found;
}

/** Reads a request of EC2. @throws NotOfModel for anything that the model does not have, or that it demands */
export function readEc2Request(action: string, parameters: URLSearchParams): Shape {
  const left = new Map([...parameters].filter(([key]) => key !== 'Action' && key !== 'Version'));
  const found = structFromQuery(operationOf('ec2', action).input, left, '') ?? {};
  if (left.size > 0) throw new NotOfModel(`unknown parameters: ${[...left.keys()].join(', ')}`);
  return found;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

function toXml(schema: NormalizedSchema, value: unknown, where: string): string {
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw new Error(`the double answers with ${where} that is not a list`);
    return value.map((item) => `<item>${toXml(schema.getValueSchema(), item, where)}</item>`).join('');
  }
  if (schema.isStructSchema()) return structToXml(schema, value as Shape, where);
  return escaped(value instanceof Date ? value.toISOString() : String(value));
}

function structToXml(schema: NormalizedSchema, value: Shape, where: string): string {
  const members = membersOf(schema);
  const unknown = Object.keys(value).filter((key) => !members.some(({ name }) => name === key));
  if (unknown.length > 0)
    throw new Error(`the double answers with ${where}.${unknown.join()}, which the model lacks`);
  return members
    .filter(({ name }) => value[name] !== undefined)
    .map(({ name, schema: member, traits }) => {
      const tag = (traits['xmlName'] as string | undefined) ?? name;
      return `<${tag}>${toXml(member, value[name], `${where}.${name}`)}</${tag}>`;
    })
    .join('');
}

/** Writes an answer of EC2; only what the model has can be written. */
export function writeEc2Answer(action: string, answer: Shape): string {
  const { output } = operationOf('ec2', action);
  const content = output.isStructSchema() ? structToXml(output, answer, action) : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${content}</${action}Response>`;
}

function jsonValue(schema: NormalizedSchema, value: unknown, where: string): unknown {
  const wrong = (): never => {
    throw new NotOfModel(`${where} is of another type: ${JSON.stringify(value)}`);
  };
  if (schema.isListSchema())
    return Array.isArray(value)
      ? value.map((item, index) => jsonValue(schema.getValueSchema(), item, `${where}[${index}]`))
      : wrong();
  if (schema.isStructSchema()) {
    const members = membersOf(schema);
    const given = value as Shape;
    for (const key of Object.keys(given))
      if (!members.some(({ name }) => name === key)) throw new NotOfModel(`unknown member: ${where}.${key}`);
    return Object.fromEntries(
      members.flatMap(({ name, schema: member }) =>
        given[name] === undefined ? [] : [[name, jsonValue(member, given[name], `${where}.${name}`)]],
      ),
    );
  }
  if (schema.isNumericSchema()) return typeof value === 'number' ? value : wrong();
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? value : wrong();
  return typeof value === 'string' ? value : wrong();
}

export interface RestRequest {
  readonly labels: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Reads a request of the EBS direct APIs; the payload, if the operation has one, stays in the body.
 * @throws NotOfModel for anything that the model does not have, or that it demands
 */
export function readEbsRequest(operation: string, { labels, headers, body }: RestRequest): Shape {
  const { input } = operationOf('ebs', operation);
  const members = membersOf(input);
  const payload = members.some(({ traits }) => traits['httpPayload'] !== undefined);
  const json = payload || body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
  const found: Record<string, unknown> = {};
  const used = new Set<string>();
  for (const { name, schema, traits, required } of members) {
    const header = traits['httpHeader'] as string | undefined;
    const text = traits['httpLabel'] === 1 ? labels[name] : header && headers[header.toLowerCase()];
    if (header !== undefined) used.add(header.toLowerCase());
    if (typeof text === 'string') found[name] = scalar(schema, text, name);
    else if (traits['httpPayload'] === undefined && header === undefined && json[name] !== undefined)
      found[name] = jsonValue(schema, json[name], name);
    if (required && found[name] === undefined && traits['httpPayload'] === undefined)
      throw new NotOfModel(`${name} is missing`);
  }
  const unknown = [
    ...Object.keys(json).filter((key) => !(key in found)),
    ...Object.keys(headers).filter(
      (key) => /^x-amz-(changed|checksum|data|progress)/.test(key) && !used.has(key),
    ),
  ];
  if (unknown.length > 0) throw new NotOfModel(`unknown members: ${unknown.join(', ')}`);
  return found;
}

/** Splits an answer of the EBS direct APIs into headers and JSON, as the model says. */
export function writeEbsAnswer(operation: string, answer: Shape) {
  const { output, http } = operationOf('ebs', operation);
  const members = membersOf(output);
  const headers: Record<string, string> = {};
  const json: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(answer)) {
    const member = members.find(({ name }) => name === key);
    if (member === undefined)
      throw new Error(`the double answers ${operation} with ${key}, which the model lacks`);
    const header = member.traits['httpHeader'] as string | undefined;
    if (header === undefined) json[key] = value instanceof Date ? value.getTime() / 1000 : value;
    else headers[header] = String(value);
  }
  return { headers, status: http?.[2] ?? 200, body: JSON.stringify(json) };
}

/** The status that the model gives an error of the EBS direct APIs. */
export function ebsErrorStatus(name: string): number {
  if (modules.ebs[`${name}$`] === undefined) return 403;
  return (schemaOf('ebs', name).getMergedTraits() as { httpError?: number }).httpError ?? 400;
}
