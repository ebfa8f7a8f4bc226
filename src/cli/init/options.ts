import { mesosOrigins } from '../../inputs/starter/starter-spec.ts';
import { argumentOr } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, flag, value } from '../record/option.ts';

/** `ingot init`: the files of a new cluster. */
export const initCommand = command({
  name: 'init',
  task: 'describe',
  summary: 'write a commented cluster.yaml, its schema for editors and a .gitignore into a folder',
  arguments: { folder: argumentOr('folder', 'the folder; it is created if it does not exist', '.') },
  options: {
    yes: flag('ask nothing and use the defaults; without a terminal nothing is asked either'),
    mesos: choice(
      'origin',
      'where Mesos comes from: clusterd, or the stand-ins for trying ingot',
      mesosOrigins,
    ),
    operator: value('file', 'an SSH public key whose owner may log in to the nodes'),
  },
  examples: [
    { line: 'ingot init demo', does: 'asks for name, masters, Mesos and your key' },
    { line: 'ingot init demo --yes --mesos stand-ins', does: 'for trying ingot' },
  ],
});

export type InitInput = InputOf<typeof initCommand>;
