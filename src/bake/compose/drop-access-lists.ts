import { chmod, lstat } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { accessEntries, withoutList } from './access-list.ts';
import { recordChanges } from './record-changes.ts';

interface Listed {
  readonly path: string;
  readonly access?: Buffer;
  readonly standard?: Buffer;
}

/** Decodes getfattr's octal escapes, which stand for bytes. */
function unescaped(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(plain, 'latin1').toString();
}

/** Lists every path of a tree that has an access-control list, without following links (getfattr(1), -P). */
async function listedIn(host: Host, tree: string): Promise<Listed[]> {
  const shown = await host.run('getfattr', [
    ...['-R', '-P', '-h', '-d', '-e', 'hex', '-m', String.raw`^system\.posix_acl`, '--absolute-names'],
    ...['--', tree],
  ]);
  return shown.stdout.split('\n\n').flatMap((stanza) => {
    const path = /^# file: (.*)$/m.exec(stanza)?.[1];
    if (path === undefined) return [];
    const value = (name: string) => {
      const hex = new RegExp(`^system\\.posix_acl_${name}=0x([0-9a-f]*)$`, 'm').exec(stanza)?.[1];
      return hex === undefined ? undefined : Buffer.from(hex, 'hex');
    };
    const [access, standard] = [value('access'), value('default')];
    return [{ path: unescaped(path), ...(access && { access }), ...(standard && { standard }) }];
  });
}

/** Folders whose default list is set again at each boot (systemd's tmpfiles.d/systemd.conf). */
const setAtBoot = /^\/var\/log\/journal(?:\/|$)/;

/**
 * Removes the access-control lists from a tree, because a squashfs cannot store them (mksquashfs(1), -xattrs): it would
 * drop them silently, and the mask would become the permissions of the group. Afterwards nobody has more permissions
 * than before. Each removal is reported and recorded.
 * @param tree absolute
 * @throws IngotError wrong-root for a default list: files created there on a node would have more permissions than it
 *   allows
 */
export async function dropAccessLists(
  host: Host,
  tree: string,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const lines: string[] = [];
  const refused: string[] = [];
  for (const { path, access, standard } of await listedIn(host, tree)) {
    const shown = path.slice(tree.length) || '/';
    if (standard !== undefined && !setAtBoot.test(shown)) refused.push(shown);
    if (access !== undefined) {
      const before = (await lstat(path)).mode & 0o7777;
      const { mode, losing } = withoutList(before, accessEntries(access));
      await host.run('setfattr', ['--no-dereference', '-x', 'system.posix_acl_access', '--', path]);
      await chmod(path, mode);
      const lost = losing.length === 0 ? '' : `, ${losing.join(', ')} lose what it gave them`;
      lines.push(
        `${shown} has lost its access-control list, which an image cannot hold: its mode is ${mode.toString(8).padStart(4, '0')}${lost}`,
      );
    }
    if (standard !== undefined && setAtBoot.test(shown))
      lines.push(`${shown} has lost its default access-control list; systemd-tmpfiles sets it at boot`);
  }
  if (refused.length > 0)
    throw new IngotError({
      code: 'wrong-root',
      message: `folders have a default access-control list (setfacl -d), which an image cannot hold: ${refused[0] ?? ''}`,
      excerpt: refused.slice(1),
      hint: 'files that a node makes there would have more rights than the list says: let the package do without it, or set it on the node with tmpfiles.d (tmpfiles.d(5), type a)',
    });
  await recordChanges(tree, lines, say);
}
