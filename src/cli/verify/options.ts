import { severalArguments } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { readValue, withFallback } from '../record/option.ts';
import { wholeNumber } from '../record/readers.ts';
import { jsonOption, keyOption, rehearsedOption } from '../shared/options.ts';
import { oldVerifyForm } from './old-form.ts';

/** `ingot verify`: files and signatures of versions. */
export const verifyCommand = command({
  name: 'verify',
  task: 'test',
  summary: 'verify the signature and every file of versions; needs no network and boots nothing',
  arguments: { folders: severalArguments('folder', 'version folders, e.g. out/master/latest') },
  options: {
    key: keyOption,
    threshold: withFallback(
      readValue('number', 'how many of these keys must have signed each version', wholeNumber(1, 32)),
      1,
    ),
    rehearsed: rehearsedOption,
    json: jsonOption('the result'),
  },
  examples: [
    {
      line: 'ingot verify out/master/latest out/slave/latest --key release.pub.pem',
      does: 'exit 1 if a file or the signature is wrong',
    },
    {
      line: 'ingot verify out/slave/latest --key build.pub.pem --key release.pub.pem --threshold 2',
      does: 'require the signatures of both',
    },
    {
      line: 'ingot verify out/slave/latest --key release.pub.pem --rehearsed rise,agree,drift',
      does: 'also require that these drills of a rehearsal passed',
    },
  ],
  wrongUse: ({ key, threshold }) => {
    if (key === undefined) return 'name the public key that must have signed the versions: --key FILE';
    return new Set(key).size < threshold
      ? `--threshold ${threshold} needs as many different keys: name each with --key FILE`
      : undefined;
  },
  oldForm: oldVerifyForm,
});

export type VerifyInput = InputOf<typeof verifyCommand>;
