import { command } from '../record/command-record.ts';

/** `ingot doctor`: whether this host has what a bake needs. */
export const doctorCommand = command({
  name: 'doctor',
  task: 'bake',
  summary: 'check that this host has the programs that a bake needs',
  arguments: {},
  options: {},
  examples: [{ line: 'ingot doctor', does: 'each program with its Debian package' }],
});
