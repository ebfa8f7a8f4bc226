import { IngotError } from '../../host/ingot-error.ts';
import { withoutUser } from '../url/canonical-url.ts';
import type { Credentials } from '../url/credentials.ts';

/**
 * Credentials as apt_auth.conf(5) has them. Each is bound to its URL, so that another path of the same server does not get them; the scheme is named,
 * for without it apt sends nothing over http.
 * @throws IngotError wrong-source for what the format cannot hold: it has neither quotes nor escapes
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
            message: `the ${what} for ${withoutUser(url)} ${word === '' ? 'is empty' : 'holds a blank or begins with #'}, which apt cannot be given`,
            hint: 'apt_auth.conf(5) divides words by blanks: choose another, or name none in the URL and set up /etc/apt/auth.conf.d',
          });
      return `machine ${url} login ${login} password ${password}\n`;
    })
    .join('');
}
