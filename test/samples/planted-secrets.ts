import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';

/** A secret as people and programs make them: letters and digits, 16 to 40 of them. */
export const plantedSecret: fc.Arbitrary<string> = fc
  .string({
    unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'.split('')),
    minLength: 16,
    maxLength: 40,
  })
  .filter((text) => /[0-9]/.test(text));

const pem = (secret: string): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}${secret.repeat(8)}\n-----END OPENSSH PRIVATE KEY-----`;

/** The places in which secrets stand in specs and logs, each with a function that writes one there. */
export const secretKinds: readonly (readonly [string, (secret: string) => string])[] = [
  ['a private key', pem],
  ['a private key in a string of JSON', (secret) => JSON.stringify({ key: pem(secret) })],
  ['a private key whose lines a log has indented', (secret) => pem(secret).replaceAll('\n', '\n    ')],
  ['a password in YAML', (secret) => `    password: ${secret}`],
  ['a quoted password in YAML', (secret) => `password: "${secret}"`],
  ['a block of YAML', (secret) => `  password: |\n    ${secret}\n  name: x`],
  ['a secret in JSON', (secret) => `{"principal": "agent", "secret": "${secret}"}`],
  ['JSON in a string of JSON', (secret) => JSON.stringify(`{"secret":"${secret}"}`)],
  ['a variable', (secret) => `export API_TOKEN=${secret}`],
  ['a password in a URL', (secret) => `deb https://user:${secret}@debs.example.org/ bookworm main`],
  ['a token in a URL', (secret) => `git clone https://${secret}@example.org/site.git`],
  ['an option', (secret) => `+ curl --password ${secret} https://example.org`],
  ['an option with an equals sign', (secret) => `+ agent --token=${secret}`],
  ['a header', (secret) => `> Authorization: Bearer ${secret}`],
  ['a login of apt', (secret) => `machine debs.example.org login site password ${secret}`],
  ['a login of a registry', (secret) => `{"auths": {"r.example.org": {"auth": "${secret}"}}}`],
  ['a password hash', (secret) => `root:$6$${secret.slice(0, 8)}$${secret}${secret}:20000:0:99999:7:::`],
  ['a passphrase', (secret) => `passphrase = '${secret}'`],
];

/** A real private key, PEM. */
export const realKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
