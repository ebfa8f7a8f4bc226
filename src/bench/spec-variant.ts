import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';

type Values = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of cluster.yaml that may name a file. */
const fileKeys = new Set(['deb', 'from', 'key']);

function absoluteFiles(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((one) => absoluteFiles(one, folder));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (!fileKeys.has(key) || typeof inner !== 'string') return [key, absoluteFiles(inner, folder)];
      const path = resolve(folder, inner);
      return [key, existsSync(path) ? path : inner];
    }),
  );
}

/** What a variant of the spec has more, for all nodes. */
export interface SpecAddition {
  readonly packages?: readonly string[];
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly sysctls?: Readonly<Record<string, number>>;
}

/**
 * The text of a spec that may lie in another folder, with an addition.
 * @param text of a valid spec
 * @param folder absolute: where its relative paths begin
 */
export function specVariant(text: string, folder: string, more: SpecAddition = {}): string {
  const parsed: unknown = parse(text);
  const spec = absoluteFiles(parsed, folder);
  if (!isRecord(spec)) throw new TypeError('a spec is a mapping');
  const common = isRecord(spec['common']) ? spec['common'] : {};
  const list = (key: string): unknown[] => (Array.isArray(common[key]) ? (common[key] as unknown[]) : []);
  const packages = [...list('packages'), ...(more.packages ?? [])];
  const files = [...list('files'), ...(more.files ?? [])];
  const sysctls = { ...(isRecord(common['sysctls']) ? common['sysctls'] : {}), ...more.sysctls };
  const merged = {
    ...common,
    ...(packages.length === 0 ? {} : { packages }),
    ...(files.length === 0 ? {} : { files }),
    ...(Object.keys(sysctls).length === 0 ? {} : { sysctls }),
  };
  return stringify({ ...spec, ...(Object.keys(merged).length === 0 ? {} : { common: merged }) });
}
