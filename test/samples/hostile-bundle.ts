import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pack } from 'tar-stream';
import { bundleRecordText, bundleType } from '../../src/air-gap/bundle-record.ts';
import { envelopeText, signedEnvelope } from '../../src/version/dsse.ts';
import { keySigner } from '../../src/version/signer.ts';
import { sumsText } from '../../src/version/sums.ts';

/** The fields of a header that tests set. */
interface TarHeader {
  readonly name: string;
  readonly type?: 'file' | 'link' | 'symlink' | 'character-device';
  readonly linkname?: string;
  readonly devmajor?: number;
  readonly devminor?: number;
}

export interface TarMember {
  readonly header: TarHeader;
  readonly content?: string;
}

const pair = generateKeyPairSync('ed25519');
export const bundleKey = pair.publicKey;
const signer = keySigner(pair.privateKey);

export const recordText = bundleRecordText({
  ...{ schema: 1, ingot: '0.1.0', cluster: 'demo', created: '2026-11-30T00:00:00.000Z', packages: 0 },
  versions: [],
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (name: string, content: string): TarMember => ({ header: { name }, content });

/** Writes a tar archive with exactly these members, whatever they are. */
export async function writeMembers(path: string, members: readonly TarMember[]): Promise<void> {
  const archive = pack();
  const out = createWriteStream(path);
  archive.pipe(out);
  for (const { header, content = '' } of members)
    await new Promise<void>((done, failed) => {
      archive.entry(header, content, (error) => {
        if (error) failed(error);
        else done();
      });
    });
  archive.finalize();
  await once(out, 'close');
}

/**
 * The members of a bundle that somebody with the key made: a list with these digests, its signature, then other members.
 * @param files path → content, as the list has them
 * @param change what is in the archive in place of the files of the list
 */
export async function bundleMembers(
  files: Readonly<Record<string, string>>,
  change: (members: TarMember[]) => TarMember[] = (members) => members,
): Promise<TarMember[]> {
  const all = { 'bundle.json': recordText, ...files };
  const sums = sumsText(new Map(Object.entries(all).map(([path, text]) => [path, sha256(text)])));
  const envelope = envelopeText(await signedEnvelope(Buffer.from(sums), signer, undefined, bundleType));
  const members = Object.entries(all).map(([path, text]) => file(path, text));
  return [file('SHA256SUMS', sums), file('SHA256SUMS.dsse', envelope), ...change(members)];
}
