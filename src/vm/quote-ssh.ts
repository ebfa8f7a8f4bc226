import { IngotError } from '../host/ingot-error.ts';

/**
 * Quotes a path as the value of an ssh_config(5) option that expands tokens (ControlPath, IdentityFile,
 * UserKnownHostsFile). Double quotes keep blanks from splitting the value. Percent signs are doubled (TOKENS). Quotes
 * and backslashes are escaped (misc.c, argv_split).
 * @throws IngotError unusable-folder for a path with line ends, or with `${`, which ssh reads as a variable and which
 * cannot be escaped
 */
export function sshValue(path: string): string {
  if (/\$\{|[\n\r\0]/.test(path))
    throw new IngotError({
      code: 'unusable-folder',
      message: `ssh cannot be given this path: ${JSON.stringify(path)}`,
      hint: 'choose a folder without ${ and line ends in its name',
    });
  return `"${path.replaceAll('%', '%%').replace(/["\\]/g, '\\$&')}"`;
}
