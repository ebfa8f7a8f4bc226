import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openPlainFolder } from './plain-paths.ts';

/** A folder for a program's temporary files. */
export interface TemporaryFolder {
  /** The path to give to the program. */
  readonly path: string;
  /** Deletes the folder with its content. */
  remove(): Promise<void>;
}

// A socket's path has at most 107 bytes (unix(7)). The longest name here is that of a shared connection: OpenSSH binds
// ControlPath followed by a dot and 16 letters (mux.c). Packer's plugins listen on packer-plugin<10 digits>.
const longest = 107 - '/slave-1000.ssh.0123456789abcdef'.length;

/**
 * Creates an empty `tmp` in the run folder. If its path is too long for a socket, or has characters that are special to
 * one of the programs, the returned path names the same folder through our open file descriptor (proc(5)). So nothing
 * is outside the run folder.
 */
export async function makeTemporaryFolder(runFolder: string): Promise<TemporaryFolder> {
  const folder = join(runFolder, 'tmp');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { path, close } = await openPlainFolder(folder, longest);
  return {
    path,
    remove: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
