import { createHash } from 'node:crypto';
import type { Lock } from '../../inputs/lock/lock.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { siteLayerOf, siteName } from '../../inputs/plan/site-layer-of.ts';
import type { Inputs } from '../cache/keyed-stage.ts';
import type { StageMaterial } from './stage-material.ts';

const longest = 60;

/** SHA-256 of a text, 64 hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A value in readable form, or its digest if it is long. */
function short(value: string): string {
  return value.length <= longest && !value.includes('\n') ? value : digest(value);
}

/** Values by name: "setting NAME". */
export function settingInputs(values: Readonly<Record<string, string>>): Inputs {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`setting ${name}`, short(value)]));
}

/** The files of images/ and templates/ whose paths start with one of the prefixes. */
export function projectFiles(material: StageMaterial, ...prefixes: readonly string[]): Inputs {
  return Object.fromEntries(
    [...material.files]
      .filter(([path]) => prefixes.some((prefix) => path.startsWith(prefix)))
      .map(([path, value]) => [`file ${path}`, value]),
  );
}

/** The texts that are rendered for a stage of a role. */
export function renderedTexts(material: StageMaterial, { role }: RolePlan, stage: string): Inputs {
  return material.rendered[role]?.[stage] ?? {};
}

/** The debconf answers for installing packages. */
export function debconfInputs(debconf: Plan['debconf'] = []): Inputs {
  return settingInputs(
    Object.fromEntries(
      debconf.map(({ package: name, question, type, value }) => [
        `debconf ${name} ${question}`,
        `${type} ${value}`,
      ]),
    ),
  );
}

/** The packages of a group of the lock. */
export function packageInputs(material: StageMaterial, group: keyof Lock['packages']): Inputs {
  return Object.fromEntries(
    material.lock.packages[group].map(({ name, version, architecture, sha256 }) => [
      `package ${name}`,
      `${version} ${architecture} ${sha256}`,
    ]),
  );
}

/** The date of the lock, which is also the date of the files. */
export function dateInput({ epoch }: Plan): string {
  return new Date(epoch * 1000).toISOString();
}

/** The name of a folder of the plan in keys: relative to the project, or for a layer of the site as in the spec. */
export function belowProject({ project, plan }: StageMaterial, folder: string): string {
  const site = siteLayerOf(plan, folder);
  return site === undefined ? folder.slice(project.length + 1) : siteName(site, folder);
}
