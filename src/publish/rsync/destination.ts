import { IngotError } from '../../host/ingot-error.ts';

/** What an rsync server is addressed by. */
export interface RsyncDestination {
  /** As rsync wants it, without a slash at the end: "rsync://boot@server/images" or "server:/srv/boot". */
  readonly address: string;
  /** Whether it is reached with ssh. */
  readonly overSsh: boolean;
}

function wrong(to: string, why: string): IngotError {
  return new IngotError({
    code: 'wrong-usage',
    message: `${to} is not an address of rsync: ${why}`,
    hint: 'name rsync://[USER@]HOST[:PORT]/MODULE[/PATH] for a daemon, or [USER@]HOST:PATH for ssh',
  });
}

/** Whether an address is HOST:PATH: a colon before any slash (rsync(1)). */
export function isHostPath(to: string): boolean {
  return /^[^/:]+:(?!\/\/)/.test(to);
}

/**
 * Parses the address of an rsync server. A password has no place in it: it would be in the list of processes.
 * @throws IngotError wrong-usage
 */
export function parseDestination(to: string): RsyncDestination {
  if (/[\p{Cc}]/u.test(to)) throw wrong(JSON.stringify(to), 'it has control characters');
  const address = to.replace(/\/+$/, '');
  if (to.startsWith('rsync://')) {
    const parts =
      /^rsync:\/\/(?:([^@/]*)@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/([^/]+)(?:\/.*)?$/.exec(
        address,
      );
    if (parts === null) throw wrong(to, 'it has no host or no module');
    const [, user] = parts;
    // The message must not repeat it.
    if (user?.includes(':') === true)
      throw wrong(
        'rsync://…',
        'it contains a password, which other users of this host could read; set RSYNC_PASSWORD',
      );
    if (parts[2]?.startsWith('-') === true) throw wrong(to, 'its host begins with a hyphen');
    return { address, overSsh: false };
  }
  const parts = /^(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(.*)$/.exec(to);
  if (parts === null || to.startsWith('-') || parts[1]?.startsWith('-') === true)
    throw wrong(to, 'it has no host');
  if (parts[2] === '') throw wrong(to, 'it has no path');
  return { address: parts[2] === '/' ? to : address, overSsh: true };
}
