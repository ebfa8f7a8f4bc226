import { IngotError } from '../../host/ingot-error.ts';
import { withoutUser } from '../url/canonical-url.ts';
import type { Credentials } from '../url/credentials.ts';

/**
 * Formats credentials for apt_auth.conf(5). Each is bound to its URL, so that another path on the same server does not
 * get them. The scheme is named, because without it apt sends nothing over http.
 * @throws IngotError wrong-source for credentials that the format cannot express: it has neither quotes nor escapes
 */
export function authConf(credentials: readonly Credentials[]): string {
  return credentials
    .map(({ url, login, password }) => {
      for (const [what, word] of [
        ['login', login],
        ['password', password],
      ] as const)
        if (word === '' || /\s|^#/.test(word))
          throw new IngotError({
            code: 'wrong-source',
            message: `the ${what} for ${withoutUser(url)} ${word === '' ? 'is empty' : 'contains a blank or begins with #'}, which apt does not support`,
            hint: 'apt_auth.conf(5) divides words by blanks: choose another, or name none in the URL and set up /etc/apt/auth.conf.d',
          });
      return `machine ${url} login ${login} password ${password}\n`;
    })
    .join('');
}
