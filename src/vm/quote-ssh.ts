import { IngotError } from '../host/ingot-error.ts';

/**
 * A path as the value of an option of ssh_config(5) that knows tokens (ControlPath, IdentityFile, UserKnownHostsFile): in double quotes, where blanks do
 * not split; a percent sign is doubled (TOKENS); quotes and backslashes are escaped (misc.c, argv_split).
 * @throws IngotError unusable-folder for what ssh cannot be given: `${`, which it takes for a variable without a way to write it otherwise, and line ends
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
