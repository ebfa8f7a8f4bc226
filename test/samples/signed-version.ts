import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** SPKI PEM. */
  readonly publicPem: string;
}

export function signingKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** SHA-256 of the key's SPKI in DER. */
export function keyId({ publicPem }: SigningKey): string {
  return sha256(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }));
}

/**
 * Writes SHA256SUMS of all files of a version folder, and SHA256SUMS.dsse signed with the key, following the documented
 * format, with Node's own crypto.
 */
export function signVersion(
  folder: string,
  key: SigningKey,
  payloadType = 'application/vnd.ingot.sha256sums',
): void {
  const sums = readdirSync(folder)
    .filter((name) => !name.startsWith('SHA256SUMS'))
    .sort()
    .map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`)
    .join('');
  const payload = Buffer.from(sums);
  const message = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const signature = sign(null, message, key.privateKey).toString('base64');
  const signatures = [{ keyid: keyId(key), sig: signature }];
  writeFileSync(join(folder, 'SHA256SUMS'), payload);
  writeFileSync(
    join(folder, 'SHA256SUMS.dsse'),
    JSON.stringify({ payloadType, payload: payload.toString('base64'), signatures }),
  );
}

export interface VersionFacts {
  readonly version: string;
  readonly role: string;
  /** Root hash of dm-verity, hex. */
  readonly rootHash: string;
  readonly rootBytes: number;
  readonly kernelArguments: readonly string[];
  /** The fields that boot.json has today beyond that; without them, it is an older boot.json. */
  readonly origin?: Readonly<Record<string, unknown>>;
}

/** Writes boot.json and slot.cfg of a version folder, following the documented format. */
export function writeBootFiles(folder: string, facts: VersionFacts): void {
  const { origin, ...rest } = facts;
  const boot = { schema: origin === undefined ? 1 : 2, ...rest, ...origin, memoryMiB: 1024 };
  writeFileSync(join(folder, 'boot.json'), `${JSON.stringify(boot)}\n`);
  const words = [`ingot.roothash=${facts.rootHash}`, ...facts.kernelArguments].join(' ');
  writeFileSync(
    join(folder, 'slot.cfg'),
    `set ingot_title='ingot-${facts.role}-${facts.version}'\nset ingot_version='${facts.version}'\nset ingot_arguments='${words}'\n`,
  );
}
