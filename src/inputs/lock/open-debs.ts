import { stat } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { LocalDeb, Plan } from '../plan/plan.ts';
import type { SpecFault } from '../yaml/spec-faults.ts';
import { debFault } from './deb-archive.ts';

/** A .deb that the spec names, and the file with it on this machine. */
export interface DebFile {
  readonly deb: LocalDeb;
  /** Absolute. */
  readonly file: string;
}

/** The control data of a .deb. */
export interface OpenedDeb extends DebFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Returns the .debs that the spec names, each once. */
export function debsOf(plan: Plan): LocalDeb[] {
  const all = plan.roles.flatMap(({ debs }) => debs);
  return [...new Map(all.map((deb) => [`${deb.name} ${deb.from}`, deb])).values()];
}

async function openDeb(host: Host, { deb, file }: DebFile): Promise<OpenedDeb | SpecFault> {
  const fault = (message: string, right: string, key: 'deb' | 'sha256' = 'deb'): SpecFault => ({
    path: [deb.name, key],
    message: `${deb.from} ${message}`,
    right,
  });
  const found = await stat(file).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error)
    return fault(
      found.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${found.message}`,
      'the path of a .deb; make setup builds the stand-in packages of examples/',
    );
  if (!found.isFile()) return fault('is not a file', 'the path of a .deb');
  const broken = await debFault(file);
  if (broken !== undefined) return fault(broken.why, broken.right);
  const sha256 = await sha256File(file);
  if (deb.sha256 !== undefined && deb.sha256 !== sha256)
    return fault(
      `is not the file that the spec names: its SHA-256 is ${sha256}`,
      'if the file was meant to change, its new digest here; else the file that was meant',
      'sha256',
    );
  try {
    const format = '--showformat=${Package}\\t${Version}\\t${Architecture}';
    const shown = await host.run('dpkg-deb', ['--show', format, file]);
    const [name = '', version = '', architecture = ''] = shown.stdout.trim().split('\t');
    return { deb, file, name, version, architecture, size: found.size, sha256 };
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'command-failed') throw error;
    const reason = error.excerpt.join(' ').replaceAll(/^dpkg-deb: error: /g, '');
    return fault(`is damaged: dpkg-deb says ${reason}`, 'the whole file: download or copy it again');
  }
}

/** Reports if a readable .deb is the wrong one. */
function wrongDeb(one: OpenedDeb, all: readonly OpenedDeb[], architecture: string): SpecFault | undefined {
  const { deb, name } = one;
  const path = [deb.name, 'deb'];
  if (one.architecture !== 'all' && one.architecture !== architecture)
    return {
      path,
      message: `${deb.from} is for the architecture ${one.architecture}, the images are ${architecture}`,
      right: `the .deb of ${name} for ${architecture}, or one for all architectures`,
    };
  if (deb.packages !== undefined && !deb.packages.includes(name)) {
    const other = all.find(({ deb: its }) => its.name !== deb.name && its.packages?.includes(name) === true);
    const swapped =
      other !== undefined && deb.packages.includes(other.name)
        ? `: the .debs of ${deb.name} and ${other.deb.name} are swapped`
        : '';
    return {
      path,
      message: `${deb.from} has the package ${name}, not ${deb.packages.join(' or ')}${swapped}`,
      right:
        swapped === ''
          ? `the .deb of ${deb.name}; or package: ${name} besides deb, if it is packaged under that name`
          : `the .deb of ${deb.name} here, that of ${other?.deb.name ?? ''} there`,
    };
  }
  const twin = all.find((its) => its.name === name && its !== one);
  if (twin === undefined || all.indexOf(twin) > all.indexOf(one)) return undefined;
  return {
    path,
    message: `${deb.from} has the package ${name}, and so has ${twin.deb.from}`,
    right: `each package once: the .deb of ${deb.name} here`,
  };
}

/**
 * Opens the .debs that a spec names.
 * @returns the control data of each, and everything that is wrong with them
 */
export async function openDebs(
  host: Host,
  files: readonly DebFile[],
  architecture: string,
): Promise<{ readonly debs: readonly OpenedDeb[]; readonly faults: readonly SpecFault[] }> {
  const read = await Promise.all(files.map((file) => openDeb(host, file)));
  const debs = read.flatMap((one) => ('deb' in one ? [one] : []));
  const unread = read.flatMap((one) => ('deb' in one ? [] : [one]));
  return { debs, faults: [...unread, ...debs.flatMap((one) => wrongDeb(one, debs, architecture) ?? [])] };
}
