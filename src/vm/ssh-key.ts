import { readFile, rm } from 'node:fs/promises';
import type { Host } from '../host/host.ts';

/** An SSH key for one bake or one verification. */
export interface SshKey {
  /** One line of authorized_keys(5), without a line end. */
  readonly publicKey: string;
  /** OpenSSH format, mode 0600. */
  readonly privateKeyFile: string;
  /** Deletes both files. Must be called even if the work fails. */
  remove(): Promise<void>;
}

/**
 * Makes an ed25519 key without a passphrase with ssh-keygen(1). Replaces a key that a killed run left behind.
 * @param file absolute path of the private key
 */
export async function makeSshKey(host: Host, file: string): Promise<SshKey> {
  const publicKeyFile = `${file}.pub`;
  const remove = async () => {
    await Promise.all([file, publicKeyFile].map((path) => rm(path, { force: true })));
  };
  await remove();
  await host.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ingot', '-f', file]);
  return { publicKey: (await readFile(publicKeyFile, 'utf8')).trim(), privateKeyFile: file, remove };
}
