import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import { removeVersion } from '../../../src/store/old-versions.ts';
import { type KeyAlgorithm, newKeyPair } from '../../../src/version/keys.ts';
import { signaturesFolder } from '../../../src/version/sigstore/write-sigstore.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeWholeVersion, type WholeVersion } from './whole-version.ts';

const provenance = `${JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', predicateType: 'https://slsa.dev/provenance/v1' })}\n`;
let work: string;
let whole: WholeVersion;
const keys = { ed25519: newKeyPair(), 'ecdsa-p256': newKeyPair('ecdsa-p256') } as const;
const kinds = Object.keys(keys) as KeyAlgorithm[];

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: work });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ingot-sigstore-'));
  whole = await makeWholeVersion(work);
  for (const name of ['sbom.spdx.json', 'vex.openvex.json'])
    await writeFile(join(whole.folder, name), '{}\n');
  await writeFile(join(whole.folder, 'provenance.json'), provenance);
  await writeSums(whole.folder);
  for (const [kind, { privatePem, publicPem }] of Object.entries(keys)) {
    await writeFile(join(work, `${kind}.pem`), privatePem);
    await writeFile(join(work, `${kind}.pub.pem`), publicPem);
    await ingot('sign', whole.folder, '--sign', `${kind}.pem`);
  }
}, 60_000);
afterAll(() => rm(work, { recursive: true, force: true }));

const folderOf = (kind: KeyAlgorithm): string =>
  join(signaturesFolder(whole.folder), keys[kind].keyid.slice(0, 12));

/** Verifies as sigstore's own library does, with a key and without a transparency log. */
async function verified(
  kind: KeyAlgorithm,
  path: string,
  artifact?: Buffer,
  publicPem = keys[kind].publicPem,
) {
  const bundle = bundleFromJSON(JSON.parse(await readFile(join(folderOf(kind), path), 'utf8')));
  const hints: string[] = [];
  const verifier = new Verifier(
    {
      ...{ certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] },
      publicKey: (hint) => {
        hints.push(hint);
        return { publicKey: createPublicKey(publicPem), validFor: () => true };
      },
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  verifier.verify(toSignedEntity(bundle, artifact));
  expect(hints).toEqual([Buffer.from(keys[kind].keyid, 'hex').toString('base64')]);
  return isBundleWithDsseEnvelope(bundle)
    ? (JSON.parse(bundle.content.dsseEnvelope.payload.toString()) as Statement)
    : undefined;
}

interface Statement {
  readonly subject?: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate?: unknown;
}

const listed = async (): Promise<string[]> => [...(await filesBelow(whole.folder))].filter((path) => path !== 'SHA256SUMS.dsse'); // prettier-ignore
const read = (path: string): Promise<Buffer> => readFile(join(whole.folder, path));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('every file of a signed version', () => {
  it("has a bundle by an ECDSA P-256 key that sigstore's library verifies, and only for its own bytes", async () => {
    for (const path of await listed()) {
      const bytes = await read(path);
      await verified('ecdsa-p256', `${path}.sigstore.json`, bytes);
      const altered = Buffer.concat([bytes, Buffer.of(0)]);
      await expect(verified('ecdsa-p256', `${path}.sigstore.json`, altered)).rejects.toThrow();
    }
  });

  it('has a bundle by an ed25519 key that states its digest', async () => {
    for (const path of await listed()) {
      const statement = await verified('ed25519', `${path}.sigstore.json`);
      const subject = statement?.subject?.find(({ name }) => name === path);
      expect(subject?.digest.sha256, path).toBe(sha256(await read(path)));
      expect(statement?.predicate).toEqual({ purl: `pkg:generic/ingot-slave@${whole.version}` });
    }
  });

  it('is verified by openssl, with nothing of ingot or sigstore', async () => {
    const bundle = JSON.parse(
      await readFile(join(folderOf('ecdsa-p256'), 'root.squashfs.sigstore.json'), 'utf8'),
    ) as {
      messageSignature: { signature: string };
    };
    await writeFile(join(work, 'sig'), Buffer.from(bundle.messageSignature.signature, 'base64'));
    const dgst = (file: string) =>
      spawnSync('openssl', ['dgst', '-sha256', '-verify', 'ecdsa-p256.pub.pem', '-signature', 'sig', file], { cwd: work }).status; // prettier-ignore
    expect(dgst(join(whole.folder, 'root.squashfs'))).toBe(0);
    expect(dgst(join(whole.folder, 'root.verity'))).toBe(1);
  });

  it('is not verified with another key', async () => {
    const other = newKeyPair('ecdsa-p256').publicPem;
    await expect(verified('ecdsa-p256', 'boot.json.sigstore.json', await read('boot.json'), other)).rejects.toThrow(); // prettier-ignore
    const others = newKeyPair().publicPem;
    await expect(verified('ed25519', 'boot.json.sigstore.json', undefined, others)).rejects.toThrow();
  });
});

describe.each(kinds)('the attestations by an %s key', (kind) => {
  it('hold the provenance byte for byte, the bills of materials and the statements about vulnerabilities', async () => {
    const text = await readFile(join(folderOf(kind), 'attestations/provenance.sigstore.json'), 'utf8');
    const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string; payloadType: string } };
    expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).toBe(provenance);
    expect(dsseEnvelope.payloadType).toBe('application/vnd.in-toto+json');
    const types = {
      provenance: 'https://slsa.dev/provenance/v1',
      release: 'https://in-toto.io/attestation/release/v0.1',
      'sbom.cdx': 'https://cyclonedx.org/bom',
      'sbom.spdx': 'https://spdx.dev/Document',
      'vex.openvex': 'https://openvex.dev/ns/v0.2.0',
    };
    for (const [name, type] of Object.entries(types))
      expect((await verified(kind, `attestations/${name}.sigstore.json`))?.predicateType).toBe(type);
    const about = await verified(kind, 'attestations/sbom.spdx.sigstore.json');
    expect(about?.subject?.map(({ name }) => name)).toContain('disk.qcow2');
  });
});

describe('the sealed folder', () => {
  it('has no file more, so that sha256sum and ingot verify accept it as before', async () => {
    const { status, stderr } = spawnSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: whole.folder, encoding: 'utf8' }); // prettier-ignore
    expect([status, stderr]).toEqual([0, '']);
    expect((await ingot('verify', whole.folder, '--key', 'ed25519.pub.pem')).exitCode).toBe(0);
    const files = await filesBelow(whole.folder);
    expect(files.filter((path) => path.includes('sigstore'))).toEqual([]);
  });
});

describe('several signatures', () => {
  const both = ['--key', 'ed25519.pub.pem', '--key', 'ecdsa-p256.pub.pem', '--threshold', '2'];

  it('can be required: --threshold 2 accepts a version that both keys signed', async () => {
    const { out } = await ingot('verify', whole.folder, ...both);
    for (const kind of kinds) expect(out).toContain(keys[kind].keyid);
  });

  it('are not replaced by one signature, nor by the same key under two names', async () => {
    const copy = join(work, 'one', 'slave', whole.version);
    await mkdir(join(work, 'one', 'slave'), { recursive: true });
    execFileSync('cp', ['-a', whole.folder, copy]);
    await rm(join(copy, 'SHA256SUMS.dsse'));
    await ingot('sign', copy, '--sign', 'ed25519.pem');
    const refused = await rejection(ingot('verify', copy, ...both));
    expect(refused.excerpt.join()).toContain('is signed by 1 of the given keys, and 2 are required');
    await writeFile(join(work, 'again.pub.pem'), keys.ed25519.publicPem);
    const twice = ['--key', 'ed25519.pub.pem', '--key', 'again.pub.pem', '--threshold', '2'];
    expect((await rejection(ingot('verify', copy, ...twice))).code).toBe('damaged-version');
  });

  it('need as many keys as are required, or it is wrong use', async () => {
    const same = ['--key', 'ed25519.pub.pem', '--key', 'ed25519.pub.pem', '--threshold', '2'];
    expect((await ingot('verify', whole.folder, ...same)).exitCode).toBe(2);
  });
});

describe('signing again', () => {
  it('with the same key changes nothing', async () => {
    const before = await readFile(join(folderOf('ecdsa-p256'), 'boot.json.sigstore.json'), 'utf8');
    const { err } = await ingot('sign', whole.folder, '--sign', 'ecdsa-p256.pem');
    expect(err).toContain('already has the signature of this key');
    expect(await readFile(join(folderOf('ecdsa-p256'), 'boot.json.sigstore.json'), 'utf8')).toBe(before);
  });

  it('writes bundles that were lost or altered, and removes those of a version that was replaced', async () => {
    const copy = join(work, 'replaced', 'slave', whole.version);
    await mkdir(join(work, 'replaced', 'slave'), { recursive: true });
    execFileSync('cp', ['-a', whole.folder, copy]);
    execFileSync('cp', ['-a', signaturesFolder(whole.folder), signaturesFolder(copy)]);
    const release = join(signaturesFolder(copy), keys.ed25519.keyid.slice(0, 12), 'attestations/release.sigstore.json'); // prettier-ignore
    await writeFile(release, (await readFile(release, 'utf8')).replace('"sig":"A', '"sig":"B').slice(0, -4));
    expect((await ingot('sign', copy, '--sign', 'ed25519.pem')).err).toContain(': signed');
    expect(await readFile(release, 'utf8')).toBe(await readFile(join(folderOf('ed25519'), 'attestations/release.sigstore.json'), 'utf8')); // prettier-ignore
    await rm(join(copy, 'SHA256SUMS.dsse'));
    await writeFile(join(copy, 'disk.raw.zst'), 'another form');
    await writeSums(copy);
    await ingot('sign', copy, '--sign', 'ed25519.pem');
    const folders = await filesBelow(signaturesFolder(copy));
    expect(folders.filter((path) => path.startsWith(keys['ecdsa-p256'].keyid.slice(0, 12)))).toEqual([]);
  });

  it('is removed from the store together with its version', async () => {
    const copy = join(work, 'old', 'slave', whole.version);
    await mkdir(join(work, 'old', 'slave'), { recursive: true });
    execFileSync('cp', ['-a', whole.folder, copy]);
    execFileSync('cp', ['-a', signaturesFolder(whole.folder), signaturesFolder(copy)]);
    await removeVersion({ folder: copy } as Parameters<typeof removeVersion>[0]);
    expect(await filesBelow(join(work, 'old'))).toEqual([]);
  });
});
