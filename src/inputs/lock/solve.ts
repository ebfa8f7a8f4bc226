import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { AptFolder } from './apt-folder.ts';
import type { ChosenPackage } from './apt-indexes.ts';

/** The initial packages of mmdebstrap's minbase: Essential: yes and Priority: required (mmdebstrap(1), --variant). */
export function minimalSystem(architecture: string): string {
  return `?and(?architecture(${architecture}),?or(?essential,?priority(required)))`;
}

/** Versions to keep, by package name. Entries are removed here if apt finds no other solution. */
export type Pins = Map<string, string>;

async function writePins(apt: AptFolder, pins: Pins): Promise<void> {
  // A priority above 1000 selects a version even if another source has a newer one (apt_preferences(5)).
  const records = [...pins].map(
    ([name, version]) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`,
  );
  await writeFile(join(apt.preferences, 'locked.pref'), records.join('\n'));
}

/** Returns the pinned packages that, according to apt, block a solution: their pins must be removed too. */
function pinsInTheWay(output: string, pins: Pins): string[] {
  const names = [...output.matchAll(/(?:Depends|Breaks|Conflicts): ([a-z0-9][a-z0-9+.-]+)/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set(names)].filter((name) => pins.has(name));
}

/** apt's "Inst name [old] (new origin [architecture])". */
const instLine = /^Inst (\S+?)(?::\S+)? (\[\S+\] )?\((\S+) .*?\[([a-z0-9-]+)\]\)/;

function chosenOf(output: string, what: string): ChosenPackage[] {
  const chosen: ChosenPackage[] = [];
  const touched: string[] = [];
  for (const line of output.split('\n')) {
    const [, name, old, version, architecture] = instLine.exec(line) ?? [];
    if (name !== undefined && version !== undefined && architecture !== undefined) {
      chosen.push({ name, version, architecture });
      if (old !== undefined) touched.push(`${name} ${old.trim()} would become ${version}`);
    } else if (line.startsWith('Remv ')) touched.push(`${line.split(' ')[1] ?? ''} would be removed`);
  }
  if (touched.length > 0)
    throw new IngotError({
      code: 'unsolvable-packages',
      message: `the packages of ${what} have dependencies that conflict with those of both roles:`,
      excerpt: touched,
      hint: 'name the version that both can use under common.packages in the spec, as name=version',
    });
  return chosen;
}

/**
 * Lets apt choose the packages to install for the wanted ones, given those that its folder lists as installed.
 * @param wanted names, name=version, or patterns (apt-patterns(7))
 * @param what the name of the group in errors: "the master"
 * @param pins versions to keep; those that apt cannot keep are removed from it
 * @throws IngotError unsolvable-packages with apt's output if there is no solution, or none that leaves the installed
 * packages unchanged
 */
export async function solve(
  apt: AptFolder,
  wanted: readonly string[],
  what: string,
  pins: Pins,
): Promise<ChosenPackage[]> {
  for (;;) {
    await writePins(apt, pins);
    const result = await apt.run('apt-get', ['install', '--simulate', '--', ...wanted], [0, 100]);
    if (result.exitCode === 0) return chosenOf(result.stdout, what);
    const giveWay = pinsInTheWay(result.stdout, pins);
    if (giveWay.length === 0) throw noSolution(`${result.stdout}${result.stderr}`, what);
    for (const name of giveWay) pins.delete(name);
  }
}

function noSolution(output: string, what: string): IngotError {
  const missing = [
    ...output.matchAll(/^E: (?:Unable to locate package (\S+)|Version '(\S+)' for '(\S+)' was not found)/gm),
  ];
  const lines = output.split('\n').filter((line) => /^(?:E:| \S+ :| {5,}\S)/.test(line));
  return new IngotError({
    code: 'unsolvable-packages',
    message:
      missing.length > 0
        ? `the sources do not have what is asked for ${what}:`
        : `apt finds conflicting dependencies for ${what}:`,
    excerpt: lines.slice(0, 30),
    hint:
      missing.length > 0
        ? 'look at the spelling and at the sources: apt-cache policy NAME shows what a source has'
        : 'a version that the spec names, or a .deb, asks for something that the sources do not have',
  });
}
