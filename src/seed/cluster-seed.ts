import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { projectFolder } from '../host/project-folder.ts';
import { parseSpec } from '../inputs/cluster-spec/parse-spec.ts';
import type { Spec } from '../inputs/cluster-spec/schema.ts';
import { loadNamedFiles, loadSpec } from '../inputs/load-spec.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import { seedSettings } from '../inputs/plan/seed-settings.ts';
import { keyFolders, trustedKeys } from '../inputs/plan/trusted-keys.ts';
import { loadSiteTemplates } from '../inputs/site-layers/load-site-layers.ts';
import { renderNodeSeed } from '../render/render-node-seed.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import { keyId, parsePublicKey } from '../version/keys.ts';
import { signedSeed } from '../version/sign-seed.ts';
import type { Signer } from '../version/signer.ts';

/** The seed of all nodes of a cluster. */
export interface ClusterSeed {
  readonly spec: Spec;
  readonly templates: Templates;
  /** user-data, meta-data and vendor-data. */
  readonly files: readonly RenderedFile[];
  /** Id of the key that signed the seed. */
  readonly signedBy: string | undefined;
  /** Whether images of this spec refuse the seed, because it is not signed and they trust only signed seeds. */
  readonly refused: boolean;
}

/**
 * Checks that the key that signs a seed is one that the images trust.
 * @param keys public keys as files on the node, in PEM
 * @throws IngotError wrong-key if images of the spec do not trust seeds signed by the key
 */
export function requireTrusted(
  keys: readonly { readonly path: string; readonly content: string }[],
  signingKey: Signer,
): void {
  const ids = keys.map(({ path, content }) => keyId(parsePublicKey(content, path)));
  if (keys.length === 0 || ids.includes(signingKey.keyId)) return;
  throw new IngotError({
    code: 'wrong-key',
    message: `the key ${signingKey.keyId.slice(0, 16)}… is not one of seed.keys (${ids.map((id) => `${id.slice(0, 16)}…`).join(', ')}): nodes would refuse the seed`,
    hint: 'sign the seed with the private half of a key in seed.keys: --sign FILE, or --seed-key FILE for the boot test of a bake',
  });
}

/**
 * Reads a spec and renders the seed that all nodes of its cluster boot with. The seed is signed if a key is given.
 * @param warn shows warnings about the spec
 * @throws IngotError wrong-spec for errors of the spec
 * @throws IngotError wrong-key for a key that its images do not trust
 */
export async function clusterSeed(
  specFile: string,
  signingKey: Signer | undefined,
  warn: Host['warn'],
): Promise<ClusterSeed> {
  const loaded = await loadSpec(specFile);
  const spec = parseSpec(loaded.text, specFile, warn);
  const { keys, files: own, tls } = spec.seed;
  const texts = [...keys, ...own.flatMap(({ from }) => from ?? []), ...(tls === undefined ? [] : [tls.ca])];
  const contents = await loadNamedFiles(loaded, { texts, present: [] });
  const trusted = trustedKeys('seed.keys', keys, contents);
  if (signingKey !== undefined) requireTrusted(trusted, signingKey);
  const replaced = await loadSiteTemplates(loaded, spec);
  const templates = await loadTemplates(join(projectFolder, 'templates'), replaced);
  const { cluster, masters, operators, data = null } = spec;
  const rendered = renderNodeSeed(templates, {
    ...{ cluster, masters, operatorKeys: operators, data, network: null },
    settings: seedSettings(spec.seed, contents),
  });
  return {
    spec,
    templates,
    // cloud-init also requests vendor-data, and repeats a request for a missing file ten times.
    files: [...(await signedSeed(rendered, signingKey)), { path: 'vendor-data', content: '' }],
    signedBy: signingKey?.keyId,
    refused: signingKey === undefined && trusted.length > 0,
  };
}

/** The note about a seed that images of its spec refuse. */
export const refusedNote = `NOT SIGNED, and images of this spec trust only signed seeds (seed.keys, ${keyFolders['seed.keys']}): name a key with --sign FILE`;
