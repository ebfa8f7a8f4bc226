import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';

/**
 * A series of signed texts in a store, each with a counter. The current one has a fixed name; all of them are kept in a
 * folder, each in a file that is created only once.
 */
export interface SeriesPlace {
  /** Absolute path of the store. */
  readonly out: string;
  /** Name of a channel, or of the list of revocations. */
  readonly name: string;
}

const ending = '.dsse.json';

/** The folder of the channels in a store. */
export const channelsFolder = (out: string): string => join(out, 'channels');

/** The file of the current text of a series. */
export const currentFile = ({ out, name }: SeriesPlace): string =>
  join(channelsFolder(out), `${name}${ending}`);

const allFolder = ({ out, name }: SeriesPlace): string => join(channelsFolder(out), name);

/** The file of one text of a series. */
export const numberedFile = (place: SeriesPlace, counter: number): string =>
  join(allFolder(place), `${String(counter).padStart(6, '0')}${ending}`);

const missing = (error: unknown): undefined => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
};

/** The current text of a series; undefined if there is none. */
export async function currentText(place: SeriesPlace): Promise<string | undefined> {
  return readFile(currentFile(place), 'utf8').catch(missing);
}

/** The text of a series with a counter; undefined if there is none. */
export async function numberedText(place: SeriesPlace, counter: number): Promise<string | undefined> {
  return readFile(numberedFile(place, counter), 'utf8').catch(missing);
}

/** The highest counter of a series; 0 if it is empty. */
export async function highestCounter(place: SeriesPlace): Promise<number> {
  const names = (await readdir(allFolder(place)).catch(missing)) ?? [];
  const counters = names.flatMap((name) => {
    const [, digits] = /^(\d{6,15})\.dsse\.json$/.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return Math.max(0, ...counters);
}

/** A name that no other process has, also not one of another machine or container with the same process id. */
const temporaryName = (folder: string): string => join(folder, `.${randomUUID()}`);

/**
 * Makes the text with the highest counter the current one. It finishes the work of a process that was killed after it
 * had added a text. Several processes may do this at once: each looks again after it has written.
 */
export async function settleSeries(place: SeriesPlace): Promise<void> {
  for (;;) {
    const highest = await highestCounter(place);
    if (highest === 0) return;
    const text = await numberedText(place, highest);
    if (text === undefined || (await currentText(place)) === text) return;
    const next = temporaryName(channelsFolder(place.out));
    try {
      await writeSynced(next, text);
      await rename(next, currentFile(place));
    } finally {
      await rm(next, { force: true });
    }
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o644 });
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Adds a text to a series and makes it the current one. Only one process can add a text with a counter, on every file
 * system: a hard link (link(2)) never replaces a file.
 * @throws IngotError channel-busy if another process has added one with this counter first; nothing is changed then
 */
export async function addToSeries(place: SeriesPlace, counter: number, text: string): Promise<void> {
  await mkdir(allFolder(place), { recursive: true });
  const next = temporaryName(allFolder(place));
  try {
    await writeSynced(next, text);
    await link(next, numberedFile(place, counter));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new IngotError({
      code: 'channel-busy',
      message: `another process has changed ${place.name} at the same time: nothing was changed here`,
      hint: 'look at what it did (ingot list), then run the command again if it is still needed',
      cause: error,
    });
  } finally {
    await rm(next, { force: true });
  }
  await settleSeries(place);
}
