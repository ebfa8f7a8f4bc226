import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openPlainFolder } from './plain-paths.ts';

/** A folder for a program's temporary files. */
export interface TemporaryFolder {
  /** The path to give to the program. */
  readonly path: string;
  /** Deletes it with all that is in it. */
  remove(): Promise<void>;
}

// unix(7): a socket's path has at most 107 bytes. The longest that is put there is that of a shared connection: OpenSSH binds ControlPath with a
// point and 16 letters behind it (mux.c); Packer's plugins listen on packer-plugin<10 digits>.
const longest = 107 - '/slave-1000.ssh.0123456789abcdef'.length;

/**
 * Makes an empty `tmp` in the run folder. Where its path is too long for a socket, or has letters that mean something to one of the programs, the path
 * that is given names the same folder through our open file descriptor (proc(5)), so that nothing is outside the run folder.
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
