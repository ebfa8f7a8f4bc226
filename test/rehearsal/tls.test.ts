import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { project } from '../e2e/ingot-process.ts';
import { bakeStore, rehearseWith, spec, store } from './rehearsed-store.ts';

const folder = join(project, '.make', 'rehearsal', 'tls');
const specWithTls = join(folder, 'cluster.yaml');

const tls = `seed:
  tls: { ca: ca.pem, level: mutual }
  secrets:
    tlsKey: { file: /var/lib/ingot/state/tls/key }
    tlsCertificate: { file: /var/lib/ingot/state/tls/certificate }
`;

beforeAll(async () => {
  await bakeStore();
  mkdirSync(folder, { recursive: true });
  // The key of the site's CA is not used here: rehearsals create their own CA.
  const options = ['-nodes', '-days', '30', '-subj', '/CN=CA of the site', '-keyout', '/dev/null'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...options, '-out', join(folder, 'ca.pem')], {
    stdio: 'ignore',
  });
  const stands = join(project, 'stand-ins');
  writeFileSync(specWithTls, readFileSync(spec, 'utf8').replaceAll('../stand-ins', stands) + tls);
});

it('the same images form a cluster in which all communication uses TLS, without another image or any change on a node', async () => {
  const { ended, outcomes } = await rehearseWith(specWithTls, store, '--drills', 'agree,tls,drift');
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(outcomes.map(({ name, result }) => [name, result])).toEqual(
    ['rise', 'agree', 'tls', 'drift'].map((name) => [name, 'passed']),
  );
});
