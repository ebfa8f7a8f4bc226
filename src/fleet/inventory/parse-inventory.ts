import { IngotError } from '../../errors/ingot-error.ts';
import { parseYaml } from '../../yaml/parse-yaml.ts';
import { entrySchema, inventorySchema, type Entry } from './schema.ts';

const hint = 'docs/fleet.md shows both forms; examples/fleet has one';

/**
 * Reads an inventory: YAML where the name of the file ends so, else a list with a node on each line and KEY=VALUE behind it.
 * @throws IngotError wrong-input that shows every error with its line
 */
export function parseInventory(text: string, fileName: string): Entry[] {
  if (/\.ya?ml$/i.test(fileName))
    return parseYaml({
      text,
      fileName,
      schema: inventorySchema,
      hint,
      empty: { example: 'nodes: [{host: node1}]' },
    }).nodes;
  return parseList(text, fileName);
}

const keys = ['role', 'user', 'port', 'jump'] as const;

/** The words of a line as an entry, or what is wrong with it. */
function entryOf(words: readonly string[]): { readonly entry: Entry } | { readonly wrong: string } {
  const [host, ...more] = words;
  const entry: Record<string, unknown> = { host };
  for (const word of more) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (!(keys as readonly string[]).includes(key))
      return {
        wrong: `${word} is not understood; behind a name may stand ${keys.map((one) => `${one}=…`).join(', ')}`,
      };
    entry[key] = key === 'port' && /^\d+$/.test(value) ? Number(value) : value;
  }
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

function parseList(text: string, fileName: string): Entry[] {
  const entries: Entry[] = [];
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
  if (wrong.length > 0)
    throw new IngotError({
      code: 'wrong-input',
      message: `${fileName} has ${wrong.length === 1 ? 'an error' : `${wrong.length} errors`}:`,
      excerpt: wrong.slice(0, 30),
      hint,
    });
  if (entries.length === 0)
    throw new IngotError({ code: 'wrong-input', message: `${fileName} names no node`, hint });
  return entries;
}
