import { aptUrl } from './canonical-url.ts';

/** The credentials for the server of a URL. */
export interface Credentials {
  /** The URL without them. */
  readonly url: string;
  readonly login: string;
  readonly password: string;
}

/** Decodes an escaped text; returns it unchanged if its escapes are not UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the credentials in a URL (RFC 3986, 3.2.1); undefined if it has none. */
export function credentialsOf(url: string): Credentials | undefined {
  const [, userinfo] = /^https?:\/\/([^/]*)@/i.exec(url) ?? [];
  if (userinfo === undefined) return undefined;
  const colon = userinfo.indexOf(':');
  const [login, password] =
    colon === -1 ? [userinfo, ''] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  return { url: aptUrl(url), login: decoded(login), password: decoded(password) };
}

/**
 * Masks a text for people or logs: everything before the host in a URL is replaced, character by character, so that
 * columns stay the same.
 */
export function withoutCredentials(text: string): string {
  return text.replaceAll(
    /([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^\s'"<>]+)@/g,
    (_, scheme: string, userinfo: string) => `${scheme}${'*'.repeat(Array.from(userinfo).length)}@`,
  );
}
