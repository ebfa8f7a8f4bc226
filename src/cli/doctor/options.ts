import { optionalArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { flag, negatedFlag } from '../record/option.ts';
import { jsonOption, outOption, poolOption } from '../shared/options.ts';

/** `ingot doctor`: whether this host has what a bake needs. */
export const doctorCommand = command({
  name: 'doctor',
  task: 'bake',
  summary: 'check whether this host can bake, and print the command that mends each problem',
  arguments: {
    spec: optionalArgument('spec', 'also check the package sources and keys of this cluster.yaml'),
  },
  options: {
    fix: flag('do what is safe: install missing programs, and remove what killed bakes left'),
    verbose: flag('print everything that was checked, with versions'),
    network: negatedFlag('do not use the network'),
    out: outOption,
    pool: poolOption,
    json: jsonOption('the findings'),
  },
  examples: [
    { line: 'ingot doctor', does: 'a line for each problem, with the command that mends it' },
    { line: 'ingot doctor cluster.yaml', does: 'with the mirrors that this spec names, and their keys' },
    { line: 'ingot doctor --fix', does: 'does what is safe, then checks again' },
    { line: 'ingot doctor --verbose', does: 'every program with its Debian package and version' },
  ],
});

export type DoctorInput = InputOf<typeof doctorCommand>;
