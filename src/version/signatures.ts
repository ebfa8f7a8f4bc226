import { join } from 'node:path';
import { type Envelope, parseEnvelope } from './dsse.ts';
import { smallFile } from './small-file.ts';
import { signatureName } from './sums.ts';

/** Reads the signatures of a version: "none" if the file is missing, "damaged" if it is not a valid envelope. */
export async function readSignatures(folder: string): Promise<Envelope | 'none' | 'damaged'> {
  const bytes = await smallFile(join(folder, signatureName));
  return bytes === undefined ? 'none' : (parseEnvelope(bytes.toString()) ?? 'damaged');
}
