import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, digestsBelow } from '../../host/folder-digest.ts';
import { dpkgStatus, installedVersions } from '../../host/installed-versions.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { requiredPrograms } from '../../host/required-programs.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { versionFolder, versionRecord } from '../../store/stored-version.ts';

/**
 * What a lock does not fix, by name: versions of the Debian packages whose programs a bake runs, of Node.js and ingot;
 * digests of images/, node-tools/ and templates/.
 */
export type ProgramRecord = Readonly<Record<string, string>>;

/**
 * Packages that a bake uses without naming a program of theirs: compression libraries, mmdebstrap's interpreter, QEMU's
 * BIOS.
 */
const additionalPackages = ['coreutils', 'dpkg', 'libzstd1', 'perl-base', 'seabios', 'util-linux', 'zlib1g'];

const own = ['/usr/local/sbin', '/usr/local/bin'];

/** The files whose state decides about the versions of programs, absolute; some do not exist. */
export function programFiles(): readonly string[] {
  const names = requiredPrograms.map(({ program }) => program).filter((program) => !program.startsWith('/'));
  return [dpkgStatus, ...own.flatMap((folder) => names.map((name) => join(folder, name)))];
}

/** A program that the administrator installed without dpkg comes first in the path; its size and time identify it. */
function installedByHand(program: string): string | undefined {
  for (const folder of program.startsWith('/') ? [] : own) {
    const found = statSync(join(folder, program), { throwIfNoEntry: false });
    if (found !== undefined) return `${join(folder, program)} ${found.size} ${found.mtime.toISOString()}`;
  }
  return undefined;
}

/**
 * The programs that a bake runs: Debian package → version according to dpkg ("?" if it is unknown), or the path, size
 * and time of a program that was installed without dpkg.
 */
export async function programVersions(): Promise<ProgramRecord> {
  const names = [
    ...new Set([...requiredPrograms.map(({ debianPackage }) => debianPackage), ...additionalPackages]),
  ];
  const known = await installedVersions(names);
  const byHand = requiredPrograms.flatMap(({ program, debianPackage }) => {
    const found = installedByHand(program);
    return found === undefined ? [] : [[debianPackage, found] as const];
  });
  return Object.fromEntries([...names.map((name) => [name, known.get(name) ?? '?'] as const), ...byHand]);
}

/** Everything that determines an image on this host: programs with their versions, and the repository's own data. */
export async function hostPrograms(): Promise<ProgramRecord> {
  const [programs, images, nodeTools, templates] = await Promise.all([
    programVersions(),
    digestsBelow(join(projectFolder, 'images')),
    digestsBelow(join(projectFolder, 'node-tools')),
    digestsBelow(join(projectFolder, 'templates')),
  ]);
  const all = {
    ...programs,
    'images/': digestOf(images).slice(0, 12),
    'node-tools/': digestOf(nodeTools).slice(0, 12),
    'templates/': digestOf(templates).slice(0, 12),
    ingot: toolVersion,
    node: process.version,
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Records the programs that a version was last baked with. The record is next to the version's folder, because
 * different programs may produce the same bits.
 */
export async function writeProgramRecord(
  out: string,
  { role, version }: { readonly role: Role; readonly version: string },
  programs: ProgramRecord,
): Promise<void> {
  const file = versionRecord(versionFolder(out, role, version), 'programs');
  await writeFile(file, `${JSON.stringify(programs, null, 2)}\n`);
}

/** Reads the programs of a role's latest image; undefined if there is none, or it has no record. */
export async function latestProgramRecord(out: string, role: Role): Promise<ProgramRecord | undefined> {
  try {
    const latest = await latestVersion(out, role);
    if (latest === undefined) return undefined;
    return JSON.parse(await readFile(versionRecord(latest.folder, 'programs'), 'utf8')) as ProgramRecord;
  } catch {
    return undefined;
  }
}

/** Lists the differences, as "squashfs-tools 1:4.5.1-1 → 1:4.6.1-1"; empty if there are none. */
export function differentPrograms(before: ProgramRecord, now: ProgramRecord): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .sort()
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} ${before[name] ?? '(none)'} → ${now[name] ?? '(none)'}`);
}

/** Lists how the programs of a bake differ from those of the latest images of some roles, one line each. */
export async function programsSince(
  out: string,
  roles: readonly Role[],
  programs: ProgramRecord,
): Promise<string[]> {
  const lines: string[] = [];
  for (const role of roles) {
    const before = await latestProgramRecord(out, role);
    if (before !== undefined) lines.push(...differentPrograms(before, programs));
  }
  return [...new Set(lines)];
}
