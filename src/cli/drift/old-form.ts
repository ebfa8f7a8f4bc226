import { looseArgs } from '../record/old-form.ts';

/** `ingot drift --inventory FILE`, where the inventory is an argument today. */
export function oldDriftForm(args: readonly string[]): readonly string[] | undefined {
  const { options, without } = looseArgs(args, ['inventory']);
  const file = options.get('inventory');
  return typeof file === 'string' ? ['drift', file, ...without(['inventory'])] : undefined;
}
