import { describe, expect, test } from 'vitest';
import { namedFiles } from '../../../../src/inputs/cluster-spec/named-files.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const place = (name: string) => `{ file: /var/lib/ingot/state/tls/${name} }`;
const secrets = ['secrets:', `  tlsKey: ${place('key')}`, `  tlsCertificate: ${place('certificate')}`];
// The section begins at line 7 of the file.
const withSeed = (...lines: readonly string[]): string =>
  `${smallSpec}seed:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const parsed = (...lines: readonly string[]) => parseSpec(withSeed(...lines), 'cluster.yaml');
const errorsOf = (...lines: readonly string[]): string => ingotErrorOf(() => parsed(...lines)).message;

describe('seed.tls', () => {
  test('is mutual by default; the CA is a file of the build host', () => {
    const spec = parsed('tls: { ca: keys/ca.pem }', ...secrets);
    expect(spec.seed.tls).toEqual({ ca: 'keys/ca.pem', level: 'mutual' });
    expect(namedFiles(spec).texts).toContain('keys/ca.pem');
    expect(parseSpec(smallSpec, 'cluster.yaml').seed.tls).toBeUndefined();
  });

  test('accepts a command that provides one certificate per node', () => {
    const spec = parsed(
      'tls: { ca: ca.pem, level: prefer }',
      'secrets:',
      `  tlsKey: ${place('key')}`,
      '  tlsCertificate: { command: [/usr/local/bin/certificate, --of, /var/lib/ingot/state/tls/key] }',
    );
    expect(spec.seed.secrets.tlsCertificate?.command).toHaveLength(3);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'half of it: no key and no certificate',
      ['tls: { ca: ca.pem }'],
      /:8:8: .*tls without secrets\.tlsKey and secrets\.tlsCertificate/,
    ],
    [
      'half of it: no certificate',
      ['tls: { ca: ca.pem }', 'secrets:', `  tlsKey: ${place('key')}`],
      /tls without secrets\.tlsCertificate/,
    ],
    [
      'half of it: no CA',
      secrets,
      /:9:\d+: .*tlsKey without seed\.tls[^]*:10:\d+: .*tlsCertificate without seed\.tls/,
    ],
    [
      'key and certificate at one place',
      ['tls: { ca: ca.pem }', 'secrets:', `  tlsKey: ${place('a')}`, `  tlsCertificate: ${place('a')}`],
      /has the same place as the key/,
    ],
    [
      'an unknown level',
      ['tls: { ca: ca.pem, level: strict }', ...secrets],
      /not a valid seed\.tls\.level[^]*accept or prefer or verify or mutual/,
    ],
    [
      'the text of a key',
      ['tls: { ca: ca.pem }', 'secrets:', '  tlsKey: { text: hunter2 }', `  tlsCertificate: ${place('a')}`],
      /belongs neither here nor in the seed/,
    ],
    [
      'variables for executors that would override those of TLS',
      [
        'tls: { ca: ca.pem }',
        ...secrets,
        'files:',
        '  - { path: /etc/mesos-slave/executor_environment_variables, content: "{}" }',
      ],
      /replace the settings that executors need for TLS/,
    ],
    [
      'the same settings by hand',
      [
        'tls: { ca: ca.pem }',
        ...secrets,
        'files:',
        '  - { path: /etc/default/mesos-master, content: "export LIBPROCESS_SSL_ENABLED=0" }',
      ],
      /sets what seed\.tls decides/,
    ],
  ])('is refused with %s', (_, lines, message) => {
    expect(errorsOf(...lines)).toMatch(message);
  });

  test('without the section a site may set all of this by hand', () => {
    const spec = parsed(
      'files:',
      '  - { path: /etc/mesos-slave/executor_environment_variables, content: "{}" }',
      '  - { path: /etc/default/mesos-master, content: "export LIBPROCESS_SSL_ENABLED=0" }',
    );
    expect(spec.seed.files).toHaveLength(2);
  });
});
