import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ImageDefinition, parseImageDefinition } from '../../../src/inputs/plan/image-definition.ts';
import { imageLayers, type LayerSettings } from '../../../src/inputs/plan/image-layers.ts';
import type { Role } from '../../../src/inputs/plan/plan.ts';
import { layOut } from '../../unit/images/node-programs.ts';
import { foreignUnits } from './foreign-units.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const units = 'usr/lib/systemd/system';

/** Every image.yaml of a role, in order. */
export function definitionsOf(role: Role, choices: LayerSettings): ImageDefinition[] {
  return imageLayers(role, choices).flatMap((layer) => {
    const file = join(project, 'images', layer, 'image.yaml');
    return existsSync(file) ? parseImageDefinition(readFileSync(file, 'utf8'), file) : [];
  });
}

/** A folder with all units and programs of a role that systemd checks: the host's systemd, with images/ on top. */
export function composedTree(role: Role, choices: LayerSettings): string {
  const root = mkdtempSync(join(tmpdir(), 'ingot-units-'));
  cpSync(`/${units}`, join(root, units), { recursive: true, verbatimSymlinks: true });
  for (const link of ['lib', 'bin', 'sbin']) {
    mkdirSync(join(root, 'usr', link), { recursive: true });
    symlinkSync(`usr/${link}`, join(root, link));
  }
  for (const [name, text] of Object.entries(foreignUnits)) writeFileSync(join(root, units, name), text);
  const mesos = choices.layout === 'clusterd' ? 'aventer-mesos' : 'mesos';
  for (const name of [mesos, ...(choices.scheduler === 'none' ? [] : [choices.scheduler])]) {
    const from = join(project, 'stand-ins', name, 'root');
    if (existsSync(join(from, 'lib'))) cpSync(join(from, 'lib'), join(root, 'usr/lib'), { recursive: true });
    cpSync(join(from, 'usr'), join(root, 'usr'), { recursive: true });
  }
  layOut(root, imageLayers(role, choices));
  return root;
}

/** Creates a program that does nothing in the place of a packaged one. */
export function stubProgram(root: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '#!/bin/sh\n');
  chmodSync(join(root, path), 0o755);
}

/** The output of `systemd-analyze verify` for units in a tree; empty if it finds no fault. */
export function verifyUnits(root: string, names: readonly string[]): string {
  const done = spawnSync('systemd-analyze', ['verify', '--man=no', `--root=${root}`, ...names], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  return `${done.stdout}${done.stderr}${done.status === 0 ? '' : `exit ${done.status ?? 'by signal'}\n`}`;
}
