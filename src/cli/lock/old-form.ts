import { IngotError } from '../../host/ingot-error.ts';
import { looseArgs } from '../record/old-form.ts';

const modes = ['check', 'export', 'import'] as const;

/** `ingot lock SPEC --check`, `--export FILE` and `--import FILE`, which are commands of their own today. */
export function oldLockForm(args: readonly string[]): readonly string[] | undefined {
  const { options, positionals, without } = looseArgs(args, ['export', 'import', 'pool']);
  const given = modes.filter((mode) => options.has(mode));
  const [mode] = given;
  if (mode === undefined) return undefined;
  if (given.length > 1 || options.has('update'))
    throw new IngotError({
      code: 'wrong-usage',
      message: 'only one of --check, --update, --export and --import can be given',
      hint: 'ingot lock --help lists the commands for each',
    });
  const file = options.get(mode);
  const files = typeof file === 'string' ? [file] : [];
  return ['lock', mode, ...positionals.slice(0, 1), ...files, ...without([mode], 1)];
}
