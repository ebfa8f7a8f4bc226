/** What completes a value: files, folders, YAML files, or nothing. */
export type ValueKind = 'files' | 'folders' | 'yaml' | 'nothing';

// By the name of the value in the help; a name that is not listed is completed with files, as a shell does by itself.
const kinds: Readonly<Record<string, ValueKind>> = {
  folder: 'folders',
  spec: 'yaml',
  inventory: 'yaml',
  'spec-or-folder': 'yaml',
  document: 'nothing',
  drills: 'nothing',
  name: 'nothing',
  names: 'nothing',
  number: 'nothing',
  packages: 'nothing',
  size: 'nothing',
  time: 'nothing',
  url: 'nothing',
};

/** What completes a value, from its name in the help (`folder`). */
export const valueKind = (takes: string): ValueKind => kinds[takes] ?? 'files';
