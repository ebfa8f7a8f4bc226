import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeHost } from '../../../src/host/make-host.ts';
import { readPlan } from '../../../src/inputs/read-plan.ts';
import { buildDeb, endKey, makeKey, publishPool, serve, type ToyKey } from '../inputs/lock/toy-source.ts';

const host = makeHost();
const suite = 'bookworm';

/** A whole cluster.yaml whose packages come from a mirror that the test serves. */
export interface ToyCluster {
  /** Absolute paths. */
  readonly folder: string;
  readonly spec: string;
  readonly pool: string;
  readonly cache: string;
  readonly out: string;
  /** Offers the packages with this date of the source, and newer versions of some. */
  readonly offer: (versions: Readonly<Record<string, string>>, date: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes the cluster in a folder; every package that the images need is a small one of this name. */
export async function toyCluster(folder: string): Promise<ToyCluster> {
  const key: ToyKey = await makeKey(folder);
  const site = join(folder, 'site');
  await mkdir(site);
  const server = await serve(folder);
  const spec = join(folder, 'cluster.yaml');
  await mkdir(join(folder, 'debs'));
  const own = await Promise.all(
    ['mesos', 'marathon'].map((name) => buildDeb(join(folder, 'debs'), { name, version: '1.0' })),
  );
  const [mesos = '', marathon = ''] = own.map((file) => file.slice(folder.length + 1));
  await writeFile(
    spec,
    [
      'cluster: toy',
      'masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]',
      `base: { mirror: { url: "${server.url}/site", key: key.asc, suites: [${suite}] } }`,
      `mesos: { deb: ${mesos} }`,
      `marathon: { deb: ${marathon} }`,
      'targets: [qcow2]',
      '',
    ].join('\n'),
  );
  const { plan } = await readPlan(host, spec);
  const names = new Set([...plan.sharedPackages, ...plan.roles.flatMap(({ packages }) => packages)]);
  await mkdir(join(site, 'pool'));
  for (const name of names) await buildDeb(join(site, 'pool'), { name, version: '1.0' });
  const offer: ToyCluster['offer'] = async (versions, date) => {
    for (const [name, version] of Object.entries(versions))
      await buildDeb(join(site, 'pool'), { name, version });
    await publishPool(site, key, { suite, date });
  };
  return {
    ...{ folder, spec, offer },
    pool: join(folder, 'pool'),
    cache: join(folder, 'cache'),
    out: join(folder, 'out'),
    close: async () => {
      await server.close();
      await endKey(key);
    },
  };
}
