import { type Context, fail, failWithSecondPlace, record } from './rules.ts';

const parts = ['tlsKey', 'tlsCertificate'] as const;

/** Checks that the CA in the seed and the key and the certificate of each node are either all present or all absent. */
function checkWhole(seed: Readonly<Record<string, unknown>>, context: Context): void {
  const secrets = record(seed['secrets']) ?? {};
  const present = parts.filter((name) => secrets[name] !== undefined);
  if (seed['tls'] === undefined) {
    for (const name of present)
      fail(
        context,
        ['seed', 'secrets', name],
        `${name} without seed.tls does nothing`,
        'tls: { ca: FILE } in seed, the certificate of the CA that signs those of the nodes',
      );
    return;
  }
  const missing = parts.filter((name) => secrets[name] === undefined);
  if (missing.length > 0)
    fail(
      context,
      ['seed', 'tls'],
      `tls without ${missing.map((name) => `secrets.${name}`).join(' and ')}: no node could identify itself`,
      'seed.secrets.tlsKey and seed.secrets.tlsCertificate: where each node finds its own (docs/tls.md)',
    );
  const [key, certificate] = parts.map((name) => JSON.stringify(secrets[name]));
  if (missing.length === 0 && key === certificate)
    failWithSecondPlace(context, {
      path: ['seed', 'secrets', 'tlsCertificate'],
      message: 'the certificate has the same place as the key',
      right: 'a place of its own: the key in one, the certificate in the other',
      firstAt: ['seed', 'secrets', 'tlsKey'],
    });
}

/**
 * Checks files that the node writes itself with tls: a file of the site would silently override them or be overridden.
 */
function checkOwnFiles(spec: unknown, context: Context): void {
  for (const part of ['common', 'master', 'slave', 'seed']) {
    const files = record(record(spec)?.[part])?.['files'];
    if (!Array.isArray(files)) continue;
    files.forEach((one: unknown, index) => {
      const { path, content } = record(one) ?? {};
      if (typeof path !== 'string') return;
      const at = [part, 'files', index];
      if (/^\/etc\/mesos-(?:slave|agent)\/executor_environment_variables$/.test(path))
        fail(
          context,
          [...at, 'path'],
          `${path} would replace the settings that executors need for TLS`,
          'no such file with seed.tls: set variables with the tasks',
        );
      if (
        path.startsWith('/etc/default/') &&
        typeof content === 'string' &&
        /\b(?:LIBPROCESS_)?SSL_[A-Z]/.test(content)
      )
        failWithSecondPlace(context, {
          path: [...at, 'content'],
          message: `${path} sets what seed.tls decides (LIBPROCESS_SSL_*)`,
          right: 'no such lines with seed.tls',
          firstAt: ['seed', 'tls'],
        });
    });
  }
}

/** Checks the section seed.tls and everything that depends on it. */
export function checkTls(spec: unknown, context: Context): void {
  const seed = record(record(spec)?.['seed']) ?? {};
  checkWhole(seed, context);
  if (seed['tls'] !== undefined) checkOwnFiles(spec, context);
}
