import { IngotError } from '../../host/ingot-error.ts';

/**
 * What mmdebstrap cannot take in the path of a tree, and which program below it cannot: its apt.conf has no escape for a double quote, a line's end or a
 * tab (apt's ParseCWord), and tar reads a backslash in the name of its folder as the beginning of an escape.
 */
const refused: readonly (readonly [RegExp, string])[] = [
  [/"/, 'a double quote'],
  [/\\/, 'a backslash'],
  [/\p{Cc}/u, 'a control character'],
];

/**
 * Looks whether trees can be composed below a folder; blanks, `%`, other quotes and letters of any script are no obstacle.
 * @param folder absolute
 * @throws IngotError unusable-folder that names what the path must not hold
 */
export function requireComposablePath(folder: string): void {
  const [, what] = refused.find(([pattern]) => pattern.test(folder)) ?? [];
  if (what === undefined) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `images cannot be composed below ${JSON.stringify(folder)}: the path holds ${what}, which mmdebstrap (its apt and tar) cannot take`,
    hint: 'name another folder with --out FOLDER',
  });
}
