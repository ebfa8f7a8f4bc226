import type { ManifestEntry } from '../../version/manifest.ts';

/** A program that runs with other permissions than the user who starts it, as listed in audit.json. */
export interface Privilege {
  readonly path: string;
  /** Octal text. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Value of security.capability, hexadecimal (capabilities(7), "File capabilities"). */
  readonly capability?: string;
  /** The reason in the list of allowed programs; empty if there is none. */
  readonly why: string;
}

/** The list on the node: lines "PATH" or "PATH<TAB>WHY"; empty lines and lines that begin with # are ignored. */
export const allowedFile = '/usr/lib/ingot/setuid-allowed';

/** Path → reason. */
export function parseAllowedPrivileges(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [path = '', ...why] = line.split('\t');
      return [path, why.join(' ').trim()];
    }),
  );
}

/**
 * Returns the privilege of a path; undefined when it has none. Set-group-id on a folder only sets the group of new
 * files.
 */
export function privilegeOf(
  entry: ManifestEntry,
  allowed: ReadonlyMap<string, string>,
): Privilege | undefined {
  const setId = entry.type === 'file' && (Number.parseInt(entry.mode, 8) & 0o6000) !== 0;
  const capability = entry.xattrs?.['security.capability'];
  if (!setId && capability === undefined) return undefined;
  return {
    path: entry.path,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    ...(capability === undefined ? {} : { capability }),
    why: allowed.get(entry.path) ?? '',
  };
}

/**
 * Lists what is wrong with one path of a finished root, whatever created it, as "PATH: what"; empty if it is correct.
 */
export function entryFaults(entry: ManifestEntry, allowed: ReadonlyMap<string, string>): string[] {
  const { path, type, mode, uid, gid } = entry;
  const faults: string[] = [];
  const privilege = privilegeOf(entry, allowed);
  if (privilege !== undefined && !allowed.has(path)) {
    const what =
      privilege.capability === undefined
        ? `set-user-id or set-group-id (${mode} ${uid}:${gid})`
        : 'has file capabilities';
    faults.push(`${path}: ${what}, and is not in ${allowedFile}`);
  }
  if ((type === 'char' || type === 'block') && !path.startsWith('/dev/'))
    faults.push(`${path}: a device outside of /dev`);
  const overlay = Object.keys(entry.xattrs ?? {}).find((name) => /^(?:trusted|user)\.overlay\./.test(name));
  if (overlay !== undefined)
    faults.push(`${path}: the attribute ${overlay}, with which a node's overlay would misread it`);
  return faults;
}
