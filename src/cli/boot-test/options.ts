import { severalArguments } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice } from '../record/option.ts';
import { jsonOption, keyOption, outOption, rehearsedOption, seedKeyOption } from '../shared/options.ts';

/** `ingot boot-test`: boots versions and runs their checks. */
export const bootTestCommand = command({
  name: 'boot-test',
  task: 'test',
  summary: 'boot the latest images of a spec, or version folders, and run their checks',
  arguments: { what: severalArguments('spec-or-folder', 'one cluster.yaml, or version folders with --key') },
  options: {
    key: keyOption,
    rehearsed: rehearsedOption,
    out: outOption,
    firmware: choice(
      'firmware',
      'how the nodes boot; other: not by the one of the bake (default: other for a spec, that of the bake for folders)',
      ['bios', 'uefi', 'other'],
    ),
    seedKey: seedKeyOption,
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot boot-test cluster.yaml', does: 'the latest images in out/' },
    {
      line: 'ingot boot-test out/master/latest out/slave/latest --key release.pub.pem',
      does: 'these versions, if they are as they were signed',
    },
  ],
  wrongUse: ({ what, key, rehearsed }) => {
    if (key !== undefined) return undefined;
    if (rehearsed !== undefined) return '--rehearsed is only for version folders, with --key FILE';
    return what.length > 1 ? 'name one spec, or version folders with --key FILE' : undefined;
  },
});

export type BootTestInput = InputOf<typeof bootTestCommand>;
