import { join } from 'node:path';

/** A build's role: the last part of its name, `master` of `qemu.master`. */
export function roleOfBuild(build: string): string {
  return build.slice(build.lastIndexOf('.') + 1);
}

/** The files of a bake that are kept after a failure, all in the run folder. */
export const runFiles = {
  /** Packer's debug log, including its rows, without secrets. */
  packerLog: (runFolder: string): string => join(runFolder, 'packer.log'),
  /** Every BakeEvent, one per line. */
  events: (runFolder: string): string => join(runFolder, 'events.ndjson'),
  /** The file that QEMU writes a guest's serial console to; the template names it. */
  console: (runFolder: string, role: string): string => join(runFolder, `console-${role}.log`),
} as const;
