import { IngotError } from '../../host/ingot-error.ts';

/**
 * What mmdebstrap does not support in the path of a tree, and which program is the reason: its apt.conf has no escape
 * for a double quote, a newline or a tab (apt's ParseCWord), and tar treats a backslash in the name of its folder as
 * the beginning of an escape.
 */
const refused: readonly (readonly [RegExp, string])[] = [
  [/"/, 'a double quote'],
  [/\\/, 'a backslash'],
  [/\p{Cc}/u, 'a control character'],
];

/**
 * Checks that trees can be composed below a folder. Blanks, `%`, other quotes and letters of any script are allowed.
 * @param folder absolute
 * @throws IngotError unusable-folder that names what the path must not contain
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
