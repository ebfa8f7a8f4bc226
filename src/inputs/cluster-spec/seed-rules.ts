import { addressRange } from './address-range.ts';
import { whyNotInSeed } from './own-paths.ts';
import { type Context, fail, failWithSecondPlace, record } from './rules.ts';
import { secretIn, secretInWords } from './secret-text.ts';
import { secretNames } from './seed-schema.ts';
import { checkTls } from './tls-rules.ts';

// These rules also run on invalid values, so they do not rely on any type.
type Path = (string | number)[];
type Range = readonly [number, number];
const everyAddress: Range = [0, 2 ** 32 - 1];
const aRange =
  'such as 10.0.1.10-10.0.1.99, the smaller one first, or 10.0.1.0/24 with no bits beyond the prefix';

const meets = (a: Range, b: Range): boolean => a[0] <= b[1] && b[0] <= a[1];

/** Returns the ranges of an entry, and reports those that are wrong. */
function rangesOf(addresses: unknown, at: Path, context: Context): readonly Range[] {
  if (addresses === undefined) return [everyAddress];
  if (!Array.isArray(addresses)) return [];
  return addresses.flatMap((text: unknown, index) => {
    if (typeof text !== 'string') return [];
    const found = addressRange(text);
    if (found === undefined && /^[\d./-]+$/.test(text))
      fail(context, [...at, 'addresses', index], `${text} is not a range of addresses`, aRange);
    return found === undefined ? [] : [found];
  });
}

/** Reports whether one of the ranges of an attribute ends before it begins. Mesos exits on such a range. */
function backwards(value: string): boolean {
  return (
    value.startsWith('[') &&
    [...value.matchAll(/(\d+)-(\d+)(?=[,\]])/g)].some(
      ([, first = '', last = '']) => BigInt(first) > BigInt(last),
    )
  );
}

/** Checks that no agent gets the same attribute from two entries, so that it is clear which entry applies. */
function checkAgents(agents: unknown, context: Context): void {
  if (!Array.isArray(agents)) return;
  const seen: { name: string; ranges: readonly Range[]; path: Path }[] = [];
  agents.forEach((one: unknown, index) => {
    const { addresses, attributes, resources } = record(one) ?? {};
    const at: Path = ['seed', 'agents', index];
    const ranges = rangesOf(addresses, at, context);
    // An agent also gets its resources from one entry only. The key cannot collide with an attribute, whose name has no
    // blank.
    const given = { ...record(attributes), ...(resources === undefined ? {} : { 'its resources': '' }) };
    for (const [name, value] of Object.entries(given)) {
      const path = name === 'its resources' ? [...at, 'resources'] : [...at, 'attributes', name];
      if (typeof value === 'string' && backwards(value))
        fail(
          context,
          path,
          `${value} runs backwards`,
          'ranges from the smaller number to the larger, such as [1-3]',
        );
      const before = seen.find(
        (other) => other.name === name && other.ranges.some((a) => ranges.some((b) => meets(a, b))),
      );
      if (before !== undefined)
        failWithSecondPlace(context, {
          path,
          message: `some agents already get ${name} from an earlier entry`,
          right: 'overlapping entries must set different attributes, and only one of them may set resources',
          firstAt: before.path,
        });
      seen.push({ name, ranges, path });
    }
  });
}

function checkSecrets(secrets: unknown, context: Context): void {
  for (const name of secretNames) {
    const { command } = record(record(secrets)?.[name]) ?? {};
    if (!Array.isArray(command) || !command.every((word): word is string => typeof word === 'string'))
      continue;
    const path: Path = ['seed', 'secrets', name, 'command'];
    if (command[0]?.startsWith('/') === false)
      fail(context, path, `${command[0]} is not a path`, 'the path of the program, such as /usr/bin/curl');
    const what = secretInWords(command);
    if (what !== undefined)
      fail(
        context,
        path,
        `the command contains ${what}`,
        'a command that reads it on the node: every node and every log has this text',
      );
  }
}

function checkSeedFiles(files: unknown, context: Context): void {
  if (!Array.isArray(files)) return;
  files.forEach((one: unknown, index) => {
    const { path, content } = record(one) ?? {};
    const at: Path = ['seed', 'files', index];
    const why = typeof path === 'string' && path.startsWith('/') ? whyNotInSeed(path) : undefined;
    if (why !== undefined)
      fail(
        context,
        [...at, 'path'],
        `${String(path)} ${why}`,
        'a file below /etc, /opt, /srv or /usr/local that nothing of the cluster writes',
      );
    const what = typeof content === 'string' ? secretIn(content) : undefined;
    if (what !== undefined)
      fail(
        context,
        [...at, 'content'],
        `the content contains ${what}`,
        'remove the secret: every node has this file; secrets says where nodes find theirs',
      );
  });
}

/**
 * Checks the section seed: ranges, attributes that do not contradict each other, allowed paths, and no text of a
 * secret.
 */
export function checkSeed(spec: unknown, context: Context): void {
  const { network, agents, secrets, files } = record(record(spec)?.['seed']) ?? {};
  if (typeof network === 'string' && /^[\d./-]+$/.test(network) && addressRange(network) === undefined)
    fail(context, ['seed', 'network'], `${network} is not a network`, aRange);
  checkAgents(agents, context);
  checkSecrets(secrets, context);
  checkSeedFiles(files, context);
  checkTls(spec, context);
}
