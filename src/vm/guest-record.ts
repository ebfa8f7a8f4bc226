import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SshTarget } from './ssh.ts';

/** How to log in to a guest of a run, for `ingot shell` in another terminal. */
export interface GuestRecord {
  /** What the guest is: "build guest" or "boot test". */
  readonly what: string;
  readonly target: Pick<SshTarget, 'port' | 'networkOf' | 'user' | 'keyFile'>;
}

const fileOf = (workFolder: string, name: string): string => join(workFolder, 'guests', `${name}.json`);

/**
 * Writes how to log in to a guest. The folder of the run is open only to its owner, and removed when the run ends.
 * @param workFolder absolute path of the run's work folder
 * @param name the guest's role
 */
export async function writeGuestRecord(workFolder: string, name: string, record: GuestRecord): Promise<void> {
  const file = fileOf(workFolder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(record), { mode: 0o600 });
}

/** Reads how to log in to a guest of a run; undefined if the run has no such guest (yet). */
export async function readGuestRecord(workFolder: string, name: string): Promise<GuestRecord | undefined> {
  const text = await readFile(fileOf(workFolder, name), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as GuestRecord);
  } catch {
    return undefined; // it is being written
  }
}
