import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isOwnFolder } from '../host/own-folder.ts';
import { writeWholeFile } from '../host/write-whole-file.ts';
import { type Night, nightText, readNight } from './night.ts';

/** The folder of a store that has the records and reports of its nights. */
export const nightsFolder = (out: string): string => join(out, 'nightly');

const nightName = /^\d{8}T\d{6}Z-[A-Za-z0-9]{6}$/;
const recordName = 'night.json';
const keptNights = 30;
/** A night that was killed longer ago is not continued: its packages are too old. */
const continuedHours = 20;

/** A night with its folder, which has its record, its reports and both locks. */
export interface OpenNight {
  /** Absolute. */
  readonly folder: string;
  readonly night: Night;
}

/** The nights of a store, oldest first. A folder without a readable record is not one. */
export async function readNights(out: string): Promise<OpenNight[]> {
  const folder = nightsFolder(out);
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => nightName.test(name)).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const night = await readNight(join(folder, name, recordName));
      return night === undefined ? [] : [{ folder: join(folder, name), night }];
    }),
  );
  return found.flat();
}

/** Writes the record of a night, by rename. */
export async function writeNight({ folder, night }: OpenNight): Promise<void> {
  await writeWholeFile(join(folder, recordName), nightText(night));
}

export interface NightRequest {
  /** Absolute path of the store. */
  readonly out: string;
  readonly cluster: string;
  /** Absolute path of the cluster.yaml. */
  readonly spec: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether a night was killed, and is so young that it is continued. */
const continues = ({ night }: OpenNight, { spec, now }: NightRequest): boolean =>
  night.ended === undefined &&
  night.spec === spec &&
  now - Date.parse(night.begun) < continuedHours * 3_600_000;

/**
 * Opens the night that was killed, or begins a new one. Only the owner of the folder of nights may call it.
 * @returns the night, and the earlier ones, newest first
 */
export async function openNight(request: NightRequest): Promise<{ open: OpenNight; earlier: Night[] }> {
  const { out, cluster, spec, now } = request;
  const nights = await readNights(out);
  const last = nights.at(-1);
  const earlier = (than: OpenNight | undefined): Night[] =>
    nights.flatMap((one) => (one === than ? [] : [one.night])).reverse();
  if (last !== undefined && continues(last, request)) return { open: last, earlier: earlier(last) };
  const time = new Date(now).toISOString();
  for (const one of nights)
    if (one.night.ended === undefined)
      await writeNight({ ...one, night: { ...one.night, ended: time, result: 'abandoned' } });
  await mkdir(nightsFolder(out), { recursive: true });
  const stamp = time.replace(/[-:]|\.\d+/g, '');
  const folder = await mkdtemp(join(nightsFolder(out), `${stamp}-`));
  const night: Night = { format: 1, name: basename(folder), cluster, spec, begun: time, steps: [] };
  await writeNight({ folder, night });
  return { open: { folder, night }, earlier: earlier(undefined) };
}

/** Removes the oldest nights. Only folders that a night made are removed. */
export async function removeOldNights(out: string): Promise<void> {
  const nights = await readNights(out);
  for (const { folder } of nights.slice(0, -keptNights))
    if (await isOwnFolder(folder)) await rm(folder, { recursive: true, force: true });
}
