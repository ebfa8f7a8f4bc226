import { IngotError } from '../../host/ingot-error.ts';
import { parseYaml } from '../../inputs/yaml/parse-yaml.ts';
import { ansibleEntries } from './ansible-entries.ts';
import { isAnsibleIni } from './ansible-ini.ts';
import { entrySchema, type InventoryEntry, inventorySchema } from './schema.ts';

const hint = 'docs/fleet.md shows both forms; examples/fleet has one';

/**
 * Reads an inventory: YAML if the file name has that extension; if not, a list with one node per line, followed by
 * KEY=VALUE, or an Ansible inventory in INI form, which has groups in brackets.
 * @throws IngotError wrong-inventory that shows every error with its line
 */
export function parseInventory(text: string, fileName: string): InventoryEntry[] {
  if (/\.ya?ml$/i.test(fileName))
    return parseYaml({
      code: 'wrong-inventory',
      text,
      fileName,
      schema: inventorySchema,
      hint,
      empty: { example: 'nodes: [{host: node1}]' },
      reserved: {
        all: 'nodes: a list of hosts; Ansible inventories are read in INI form, not in YAML',
      },
    }).nodes;
  return isAnsibleIni(text) ? parseAnsible(text, fileName) : parseList(text, fileName);
}

const keys = ['role', 'address', 'user', 'port', 'jump'] as const;

/** The entry that the words of a line make, or the error. */
function entryOf(words: readonly string[]): { readonly entry: InventoryEntry } | { readonly wrong: string } {
  const [host, ...more] = words;
  const entry: Record<string, unknown> = { host };
  for (const word of more) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (!(keys as readonly string[]).includes(key))
      return {
        wrong: `${word} is not understood; a name may be followed by ${keys.map((one) => `${one}=…`).join(', ')}`,
      };
    entry[key] = key === 'port' && /^\d+$/.test(value) ? Number(value) : value;
  }
  return readEntry(entry);
}

/** Validates one entry of a list. */
function readEntry(
  entry: Readonly<Record<string, unknown>>,
): { readonly entry: InventoryEntry } | { readonly wrong: string } {
  const read = entrySchema.safeParse(entry);
  if (read.success) return { entry: read.data };
  const [issue] = read.error.issues;
  const about = issue?.path.join('.') ?? '';
  const right = issue?.code === 'custom' ? (issue.params as { right: string } | undefined)?.right : undefined;
  return {
    wrong:
      right === undefined || issue === undefined
        ? `${about} is not right: ${issue?.message ?? ''}`
        : `${issue.message}; right: ${right}`,
  };
}

function refuse(fileName: string, wrong: readonly string[]): void {
  if (wrong.length > 0)
    throw new IngotError({
      code: 'wrong-inventory',
      message: `${fileName} has ${wrong.length === 1 ? 'an error' : `${wrong.length} errors`}:`,
      excerpt: wrong.slice(0, 30),
      hint,
    });
}

function parseAnsible(text: string, fileName: string): InventoryEntry[] {
  const { entries, wrong } = ansibleEntries(text);
  const read = entries.map(({ line, entry }) => ({ line, ...readEntry(entry) }));
  const all = [
    ...wrong,
    ...read.flatMap((one) => ('wrong' in one ? [{ line: one.line, message: one.wrong }] : [])),
  ];
  refuse(
    fileName,
    all.toSorted((a, b) => a.line - b.line).map(({ line, message }) => `${fileName}:${line}: ${message}`),
  );
  if (entries.length === 0)
    throw new IngotError({ code: 'wrong-inventory', message: `${fileName} names no node`, hint });
  return read.flatMap((one) => ('entry' in one ? [one.entry] : []));
}

function parseList(text: string, fileName: string): InventoryEntry[] {
  const entries: InventoryEntry[] = [];
  const wrong: string[] = [];
  for (const [index, line] of text
    .replace(/^\u{feff}/u, '')
    .split(/\r?\n/)
    .entries()) {
    const words = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (words[0] === '') continue;
    const found = entryOf(words);
    if ('entry' in found) entries.push(found.entry);
    else wrong.push(`${fileName}:${index + 1}: ${found.wrong}`);
  }
  refuse(fileName, wrong);
  if (entries.length === 0)
    throw new IngotError({ code: 'wrong-inventory', message: `${fileName} names no node`, hint });
  return entries;
}
