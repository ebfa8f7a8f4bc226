import { optionalArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';

/** `ingot schema`: the JSON Schema of cluster.yaml. */
export const schemaCommand = command({
  name: 'schema',
  task: 'describe',
  summary: 'print the JSON Schema of cluster.yaml, for editors, or of what a command prints as JSON',
  arguments: {
    document: optionalArgument(
      'document',
      'a JSON document that a command prints, such as drift (docs/json.md); without it, cluster.yaml',
    ),
  },
  options: {},
  examples: [
    { line: 'ingot schema', does: 'the schema on stdout; redirect it to a file for your editor' },
    { line: 'ingot schema drift', does: 'the schema of ingot drift --json' },
  ],
});

export type SchemaInput = InputOf<typeof schemaCommand>;
