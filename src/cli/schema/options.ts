import { command } from '../record/command-record.ts';

/** `ingot schema`: the JSON Schema of cluster.yaml. */
export const schemaCommand = command({
  name: 'schema',
  task: 'describe',
  summary: 'print the JSON Schema of cluster.yaml, for editors',
  arguments: {},
  options: {},
  examples: [{ line: 'ingot schema', does: 'the schema on stdout; redirect it to a file for your editor' }],
});
