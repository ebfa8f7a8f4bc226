import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namedValues } from '../redact-secrets.ts';

const secretName = /pass|secret|token|key|credential/i;

/** The passwords in the URLs of a text, as written and decoded. */
function urlPasswords(text: string): string[] {
  return [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:([^\s/@"'<>]+)@/gi)].flatMap(
    ([, password = '']) => {
      try {
        return [password, decodeURIComponent(password)];
      } catch {
        return [password];
      }
    },
  );
}

/** The text of apt's logins (apt_auth.conf(5)) and of netrc(5); files that cannot be read have none. */
async function logins(etc: string, home: string | undefined): Promise<string> {
  const folder = join(etc, 'auth.conf.d');
  const names = await readdir(folder).catch(() => []);
  const files = [
    join(etc, 'auth.conf'),
    ...names.map((name) => join(folder, name)),
    ...(home === undefined ? [] : [join(home, '.netrc')]),
  ];
  return (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))).join('\n');
}

/**
 * The secrets of this machine and of a spec, by value: nothing of a report may contain them.
 * @param env the environment
 * @param spec the text of the spec
 * @param etc the folder of apt's settings
 */
export async function secretValues(
  env: Readonly<Record<string, string | undefined>>,
  spec: string,
  etc = '/etc/apt',
): Promise<string[]> {
  const variables = Object.entries(env).flatMap(([name, value = '']) => [
    ...(secretName.test(name) ? [value, ...value.split('\n')] : []),
    ...urlPasswords(value),
  ]);
  const passwords = [...(await logins(etc, env['HOME'])).matchAll(/\bpassword[ \t\n]+(\S+)/g)];
  return [
    ...variables,
    ...passwords.map(([, password = '']) => password),
    ...urlPasswords(spec),
    ...namedValues(spec),
  ];
}
