import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { type KeyAlgorithm, newKeyPair } from '../../../src/version/keys.ts';
import { signaturesFolder } from '../../../src/version/sigstore/write-sigstore.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { RegistryDouble } from '../oci/registry-double.ts';
import { makeWholeVersion, type WholeVersion } from '../version/whole-version.ts';

const work = sharedFolder();
const keys = { ed25519: newKeyPair(), 'ecdsa-p256': newKeyPair('ecdsa-p256') } as const;
const pub = (kind: KeyAlgorithm) => ['--key', `${kind}.pub.pem`];
let whole: WholeVersion;

async function ingot(...args: string[]) {
  const warnings: string[] = [];
  const { world, out } = fakeWorld({
    ...{ cwd: work(), env: { INGOT_STATE: join(work(), 'state') } },
    host: { ...makeHost(), warn: (text) => warnings.push(text) },
  });
  return { exitCode: await commandLine(world, args), out: out(), warnings: warnings.join('\n') };
}

beforeAll(async () => {
  whole = await makeWholeVersion(work());
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
  };
  await writeFile(
    join(whole.folder, 'provenance.json'),
    `${JSON.stringify({ ...statement, predicate: { a: 1 } })}\n`,
  );
  await writeSums(whole.folder);
  for (const [kind, { privatePem, publicPem }] of Object.entries(keys)) {
    await writeFile(join(work(), `${kind}.pem`), privatePem);
    await writeFile(join(work(), `${kind}.pub.pem`), publicPem);
    await ingot('sign', whole.folder, '--sign', `${kind}.pem`);
  }
}, 60_000);

/** The version and its bundles in another store, where a test may change them. */
async function copy(): Promise<string> {
  const store = await temporaryFolder();
  execFileSync('cp', ['-a', join(whole.folder, '..', '..'), store]);
  const [out = ''] = await readdir(store);
  return join(store, out, 'slave', whole.version);
}
const bundleOf = (folder: string, kind: KeyAlgorithm, name: string): string =>
  join(signaturesFolder(folder), keys[kind].keyid.slice(0, 12), `${name}.sigstore.json`);

describe('ingot verify', () => {
  test('reads the Sigstore bundles next to a version, and verifies those of the keys that it is given', async () => {
    const { out } = await ingot('verify', whole.folder, ...pub('ecdsa-p256'));
    expect(out).toMatch(
      new RegExp(`Sigstore .* signatures verified: ${keys['ecdsa-p256'].keyid.slice(0, 12)}\n`),
    );
    const both = await ingot('verify', whole.folder, ...pub('ecdsa-p256'), ...pub('ed25519'), '--json');
    const { versions } = JSON.parse(both.out) as { versions: { sigstore: { verifiedBy: string[] } }[] };
    expect(versions[0]?.sigstore.verifiedBy.sort()).toEqual(
      Object.values(keys)
        .map(({ keyid }) => keyid)
        .sort(),
    );
  });

  const altered = (path: string, change: (text: string) => string) => async (folder: string) => {
    const text = await readFile(path.replace('V', signaturesFolder(folder)), 'utf8');
    await writeFile(path.replace('V', signaturesFolder(folder)), change(text));
  };
  const at = (kind: KeyAlgorithm, name: string) =>
    join('V', keys[kind].keyid.slice(0, 12), `${name}.sigstore.json`);
  const signatureOf = (text: string): string => /"sig(?:nature)?":"([^"]+)"/.exec(text)?.[1] ?? '';
  test.each<[string, RegExp, (folder: string) => Promise<void>]>([
    [
      'of another file',
      /boot\.json\.sigstore\.json is not about boot\.json: it signs other bytes/,
      async (folder) => {
        const other = await readFile(bundleOf(folder, 'ecdsa-p256', 'vmlinuz'), 'utf8');
        await writeFile(bundleOf(folder, 'ecdsa-p256', 'boot.json'), other);
      },
    ],
    [
      'with the signature of another file',
      /boot\.json\.sigstore\.json has a bad signature by key/,
      async (folder) => {
        const file = bundleOf(folder, 'ecdsa-p256', 'boot.json');
        const [own, other] = [file, bundleOf(folder, 'ecdsa-p256', 'vmlinuz')].map((one) =>
          readFile(one, 'utf8'),
        );
        const text = (await own) ?? '';
        await writeFile(file, text.replace(signatureOf(text), signatureOf((await other) ?? '')));
      },
    ],
    [
      'whose statement was altered',
      /release\.sigstore\.json (has a bad signature|is not a Sigstore bundle|states another digest)/,
      altered(at('ed25519', 'attestations/release'), (text) => {
        const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string } };
        const payload = Buffer.from(dsseEnvelope.payload, 'base64').toString();
        const other = payload.replace(
          /"sha256":"[0-9a-f]/,
          (one) => one.slice(0, -1) + (one.endsWith('0') ? '1' : '0'),
        );
        return text.replace(dsseEnvelope.payload, Buffer.from(other).toString('base64'));
      }),
    ],
    [
      'that is not a bundle',
      /vmlinuz\.sigstore\.json is not a Sigstore bundle/,
      altered(at('ed25519', 'vmlinuz'), () => '{}'),
    ],
    [
      'in the folder of another key',
      /names another key than its folder/,
      async (folder) => {
        const other = await readFile(bundleOf(folder, 'ed25519', 'vmlinuz'), 'utf8');
        await writeFile(bundleOf(folder, 'ecdsa-p256', 'vmlinuz'), other);
      },
    ],
  ])('refuses a version with a bundle %s', async (_, why, change) => {
    const folder = await copy();
    await change(folder);
    const error = await rejection(ingot('verify', folder, ...pub('ed25519'), ...pub('ecdsa-p256')));
    expect(error.code).toBe('damaged-version');
    expect(error.excerpt.join('\n')).toMatch(why);
  });

  test('refuses bundles of a version that was replaced, also without their key; publish does too', async () => {
    const folder = await copy();
    await rm(join(folder, 'SHA256SUMS.dsse'));
    await writeFile(join(folder, 'provenance.json'), '{}\n');
    await writeSums(folder);
    execFileSync('mv', [signaturesFolder(folder), join(folder, '..', 'kept')]);
    await ingot('sign', folder, '--sign', 'ed25519.pem');
    await rm(signaturesFolder(folder), { recursive: true });
    execFileSync('mv', [join(folder, '..', 'kept'), signaturesFolder(folder)]);
    await rm(join(signaturesFolder(folder), keys.ed25519.keyid.slice(0, 12)), { recursive: true });
    const error = await rejection(ingot('verify', folder, ...pub('ed25519')));
    expect(error.excerpt.join('\n')).toMatch(
      /provenance\.json\.sigstore\.json is not about provenance\.json/,
    );
    const place = join(await temporaryFolder(), 'boot');
    const publish = ingot('publish', place, folder, ...pub('ed25519'), '--allow-stand-ins');
    expect((await rejection(publish)).code).toBe('damaged-version');
  });
});

interface Bundled {
  readonly layers: readonly { readonly digest: string }[];
}

describe('a registry', () => {
  let double: RegistryDouble;
  beforeAll(async () => {
    double = await new RegistryDouble({ referrers: true }).start();
  });
  afterAll(() => {
    double.stop();
  });
  const to = (name: string) => `oci+http://${double.host}/${name}:stable`;
  const publish = (name: string, ...more: string[]) =>
    ingot('publish', to(name), whole.folder, ...pub('ecdsa-p256'), '--allow-stand-ins', ...more);

  /** Finds and verifies statements about a manifest as cosign does: by the type of the bundle and its predicate. */
  function verifiedBundles(subject: string, predicateType: string): unknown[] {
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    const about = double
      .referrersOf(subject)
      .filter(
        ({ artifactType, annotations }) =>
          artifactType === type && annotations?.['dev.sigstore.bundle.predicateType'] === predicateType,
      );
    return about.flatMap(({ digest, annotations }) => {
      expect(annotations?.['dev.sigstore.bundle.content']).toBe('dsse-envelope');
      const { layers } = JSON.parse(double.manifests.get(digest)?.bytes.toString() ?? '') as Bundled;
      const bundle = bundleFromJSON(JSON.parse(double.blobs.get(layers[0]?.digest ?? '')?.toString() ?? ''));
      const verifier = new Verifier(
        {
          ...{ certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] },
          publicKey: () => ({
            publicKey: createPublicKey(keys['ecdsa-p256'].publicPem),
            validFor: () => true,
          }),
        },
        { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
      );
      try {
        verifier.verify(toSignedEntity(bundle));
      } catch {
        // Of another key.
        return [];
      }
      if (!isBundleWithDsseEnvelope(bundle)) return [];
      const { subject: subjects } = JSON.parse(bundle.content.dsseEnvelope.payload.toString()) as {
        subject?: { digest: { sha256: string } }[];
      };
      return (subjects ?? []).some(({ digest: { sha256 } }) => `sha256:${sha256}` === subject)
        ? [predicateType]
        : [];
    });
  }

  const sign = 'https://sigstore.dev/cosign/sign/v1';
  const slsa = 'https://slsa.dev/provenance/v1';

  test('has what cosign verify and cosign verify-attestation look for, once, if the manifest is signed', async () => {
    const { out } = await publish('signed', '--sign', 'ecdsa-p256.pem', '--json');
    const { versions } = JSON.parse(out) as { versions: { address: string }[] };
    const subject = versions[0]?.address.replace(/^.*@/, '') ?? '';
    expect(verifiedBundles(subject, sign)).toHaveLength(1);
    expect(verifiedBundles(subject, slsa)).toHaveLength(1);
    // ECDSA gives another signature each time: what is signed is not signed again.
    const before = double.referrersOf(subject).length;
    await publish('signed', '--sign', 'ecdsa-p256.pem');
    expect(double.referrersOf(subject)).toHaveLength(before);
    expect(verifiedBundles(`sha256:${'0'.repeat(64)}`, sign)).toEqual([]);
  });

  test('has the bundles of a version, and a pull brings them, bit by bit', async () => {
    await publish('bundles');
    const store = join(await temporaryFolder(), 'store');
    await ingot('pull', to('bundles'), ...pub('ecdsa-p256'), '--out', store);
    const pulled = join(store, 'slave', whole.version);
    execFileSync('diff', ['-r', signaturesFolder(whole.folder), signaturesFolder(pulled)]);
    const { out } = await ingot('verify', pulled, ...pub('ecdsa-p256'));
    expect(out).toContain('Sigstore');
  });

  test('with a bundle that does not fit: it is not kept, the version is', async () => {
    const other = await new RegistryDouble({}).start();
    onTestFinished(() => {
      other.stop();
    });
    const at = `oci+http://${other.host}/x:stable`;
    await ingot('publish', at, whole.folder, ...pub('ed25519'), '--allow-stand-ins');
    // The registry has other bytes under the right names: those of the same bundle about another file.
    const key = keys['ecdsa-p256'].keyid.slice(0, 12);
    for (const [digest, { bytes, type }] of [...other.manifests])
      if (digest.startsWith('sha256:') && bytes.includes(`"${key}/boot.json.sigstore.json"`)) {
        const text = bytes.toString();
        const swapped = text
          .replace(`"${key}/boot.json.sigstore.json"`, '"A"')
          .replace(`"${key}/vmlinuz.sigstore.json"`, `"${key}/boot.json.sigstore.json"`)
          .replace('"A"', `"${key}/vmlinuz.sigstore.json"`);
        const { digest: next } = other.put(Buffer.from(swapped), type);
        other.replaceInTags(digest, next, swapped.length);
      }
    const store = join(await temporaryFolder(), 'store');
    const { warnings } = await ingot('pull', at, ...pub('ed25519'), '--out', store);
    expect(warnings).toMatch(/Sigstore bundles of .* are not kept/);
    const folders = await readdir(signaturesFolder(join(store, 'slave', whole.version)));
    expect(folders).toEqual([keys.ed25519.keyid.slice(0, 12)]);
  });
});

test('a folder for web servers has the bundles next to the version', async () => {
  const place = join(await temporaryFolder(), 'boot');
  await ingot('publish', place, whole.folder, ...pub('ed25519'), '--allow-stand-ins');
  const { path } = JSON.parse(await readFile(join(place, 'slave.json'), 'utf8')) as { path: string };
  execFileSync('diff', ['-r', signaturesFolder(whole.folder), signaturesFolder(join(place, path))]);
});
