import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { netbootLoaders, requirePrograms } from '../host/required-programs.ts';
import { type NetbootPlan, planNetboot } from '../inputs/plan/netboot-plan.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { netboot } from '../inputs/targets/netboot.ts';
import { renderDnsmasq } from '../render/render-dnsmasq.ts';
import { type BootedVersion, renderNetbootTree } from '../render/render-netboot-tree.ts';
import { renderNginx } from '../render/render-nginx.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import { clusterSeed } from '../seed/cluster-seed.ts';
import { requireVersion } from '../store/require-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import type { Signer } from '../version/signer.ts';
import { publishTree } from './publish-tree.ts';

export interface NetbootTreeRequest {
  /** As the user named it. */
  readonly specFile: string;
  /** Absolute path of the store. */
  readonly out: string;
  /** Absolute folder to create or update. */
  readonly into: string;
  /** Signs the cluster seed. */
  readonly signingKey: Signer | undefined;
  /** Shows warnings about the spec. */
  readonly warn?: Host['warn'];
}

/** The generated tree, and what is needed to generate the servers' configurations. */
export interface GeneratedTree {
  readonly cluster: string;
  readonly plan: NetbootPlan;
  readonly templates: Templates;
  readonly versions: readonly { readonly role: Role; readonly version: string }[];
  /** Whether nodes refuse the seed because it is not signed. */
  readonly seedRefused: boolean;
}

interface NetbootVersion extends BootedVersion {
  readonly folder: string;
}

async function netbootVersion(out: string, role: Role): Promise<NetbootVersion> {
  const hint = `put ${netboot.name} among the targets of the spec and bake, or name another store with --out FOLDER`;
  const { folder } = await requireVersion(out, role, { hint });
  const { version } = await requireBootRecord(folder);
  const text = (name: string): Promise<string> =>
    readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
      const message = `the ${role} ${version} of ${out} cannot be booted over the network: it has no ${name}`;
      throw new IngotError({ code: 'no-image', message, hint, cause });
    });
  const { folder: scripts } = netboot.texts;
  const [script, grubConfig] = await Promise.all([text(`${scripts}/boot.ipxe`), text(`${scripts}/grub.cfg`)]);
  return { role, version, folder, script, grubConfig };
}

const digestLength = 16;

/** The seed of the cluster as a folder of a web server, named by the digest of its files. */
function seedFolder(files: readonly RenderedFile[]): { digest: string; files: readonly RenderedFile[] } {
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, digestLength);
  return { digest, files };
}

/**
 * Creates the folder from which machines boot: tree, dnsmasq.conf and nginx.conf.
 * @throws IngotError wrong-spec for errors of the spec
 * @throws IngotError no-image if the store lacks an image
 */
export async function makeNetbootTree(request: NetbootTreeRequest): Promise<GeneratedTree> {
  const { specFile, out, into } = request;
  const { spec, templates, files, refused } = await clusterSeed(specFile, request.signingKey, request.warn);
  const plan = planNetboot(spec);
  requirePrograms(netbootLoaders);
  const versions = await Promise.all(plan.roles.map((role) => netbootVersion(out, role)));
  const { cluster } = spec;
  const seed = seedFolder(files);
  await publishTree(into, {
    versions,
    seed,
    loaders: Object.fromEntries(
      netbootLoaders.map(({ program }) => [program.slice(program.lastIndexOf('/') + 1), program]),
    ),
    scripts: renderNetbootTree(templates, { cluster, plan, versions, seed: seed.digest }),
    configurations: [
      { path: 'dnsmasq.conf', content: renderDnsmasq(templates, cluster, plan, plan.folder) },
      {
        path: 'nginx.conf',
        content: renderNginx(templates, {
          listen: [`${plan.server}:${plan.port}`],
          root: join(plan.folder, 'tree'),
          logs: '/var/log/nginx',
          runtime: null,
          user: 'www-data',
          foreground: false,
          machines: plan.machines,
        }),
      },
    ],
  });
  return { cluster, plan, templates, versions, seedRefused: refused };
}
