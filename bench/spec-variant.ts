import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';

type Values = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of cluster.yaml that may name a file, or several. */
const fileKeys = new Set(['deb', 'from', 'key', 'keys']);

/**
 * Makes the paths of files in a value of a spec absolute, if the files exist.
 * @param key the key of the value; for an item of a list, the key of the list
 */
function absoluteFiles(value: unknown, folder: string, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => absoluteFiles(one, folder, key));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, absoluteFiles(inner, folder, name)]),
    );
  if (!fileKeys.has(key) || typeof value !== 'string') return value;
  const path = resolve(folder, value);
  return existsSync(path) ? path : value;
}

/** What a variant of the spec adds, for all nodes, or has in place of the spec's. */
export interface SpecAddition {
  /** The name of the cluster. */
  readonly cluster?: string;
  readonly packages?: readonly string[];
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly sysctls?: Readonly<Record<string, number>>;
}

/**
 * A variant of a spec that can be read from any folder, with an addition.
 * @param text a valid spec
 * @param folder absolute path of the folder to which its relative paths refer
 * @returns YAML
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
  const named = more.cluster === undefined ? {} : { cluster: more.cluster };
  const variant = { ...spec, ...named, ...(Object.keys(merged).length === 0 ? {} : { common: merged }) };
  // Quotes values that are text in YAML 1.2 but a number in YAML 1.1 (hardware addresses): ingot refuses them unquoted.
  return stringify(variant, { compat: 'yaml-1.1' });
}
