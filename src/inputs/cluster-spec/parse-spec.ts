import { allTargets } from '../targets/all-targets.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import { type Spec, specSchema } from './schema.ts';
import { secretNames } from './seed-schema.ts';
import { checkWrittenFor } from './written-for.ts';

/** Former names of targets. */
const formerWords = allTargets.flatMap(({ name, formerNames = [] }) =>
  formerNames.map((former) => ({ list: 'targets', former, now: name })),
);

const smallest =
  'cluster: demo, masters: [10.0.0.11, 10.0.0.12, 10.0.0.13], mesos: {deb: FILE}, marathon: {deb: FILE}, each on a line';

/** Keys under which a user may try to write the secret itself. */
function secretWords(): Record<string, string> {
  const right =
    'file or command: the text of a secret belongs neither here nor in the seed, which every node has and every server of it can read';
  const words = ['text', 'value', 'content', 'secret', 'password', 'token', 'from', 'credential'];
  return Object.fromEntries(
    secretNames.flatMap((name) => words.map((word) => [`seed.secrets.${name}.${word}`, right])),
  );
}

/**
 * Parses the text of a cluster.yaml. Paths in the Spec stay as written.
 * @param fileName the name of the file in errors
 * @param onWarning called with one text about everything that is accepted but should be written differently
 * @throws IngotError wrong-spec that shows every error with file, line, column and what would be right
 */
export function parseSpec(text: string, fileName: string, onWarning?: (text: string) => void): Spec {
  const older = checkWrittenFor(text, fileName);
  const keys = 'docs/spec.md explains every key; `ingot schema` prints them for an editor.';
  return parseYaml({
    code: 'wrong-spec',
    text,
    fileName,
    schema: specSchema,
    formerWords,
    onWarning,
    hint: older === undefined ? keys : `${older}\n${keys}`,
    empty: { example: smallest },
    reserved: {
      quorum: 'no quorum: it follows from the number of masters (3: 2, 5: 3)',
      ...secretWords(),
    },
  });
}
