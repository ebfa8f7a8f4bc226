import type { NodeClock } from './node-clock.ts';
import type { UnitTime } from './unit-times.ts';

/** A stage of a boot. */
export interface BootStage {
  readonly name: string;
  readonly seconds: number;
  /** What the stage consists of, where that is known. */
  readonly parts?: readonly BootStage[];
}

export interface BootTimes {
  /** In order, from power-on. */
  readonly stages: readonly BootStage[];
  /** From power-on until ssh answers and systemd has done all jobs of the boot. */
  readonly healthySeconds: number;
  /** The units that systemd started; seconds since power-on. Missing if the node did not report them. */
  readonly units?: readonly UnitTime[];
}

/** What was observed from outside; seconds since power-on. */
export interface BootObservations {
  /** The loader's first output on the serial console; undefined if there was none. */
  readonly loader?: number | undefined;
  /** The first answer over ssh. */
  readonly ssh: number;
  /** When the node reported its clock. */
  readonly clockRead: number;
}

/**
 * Computes the stages of a boot from what was observed from outside and from the node's own clock.
 * The kernel's clock begins when the kernel has unpacked itself. The time before that counts as the loader's, or as
 * "firmware and loader" if the loader prints nothing.
 */
export function bootStages(seen: BootObservations, clock: NodeClock): BootTimes {
  const kernel = seen.clockRead - clock.uptime;
  const systemd = kernel + clock.systemd;
  const initrd = clock.initrd === undefined ? undefined : kernel + clock.initrd;
  const healthy = Math.max(seen.ssh, kernel + clock.finished);
  const ends: { name: string; end: number; parts?: readonly BootStage[] }[] = [
    ...(seen.loader === undefined
      ? [{ name: 'firmware and loader', end: kernel }]
      : [
          { name: 'firmware', end: seen.loader },
          { name: 'loader', end: kernel },
        ]),
    ...(initrd === undefined
      ? [{ name: 'kernel and initrd', end: systemd }]
      : [
          { name: 'kernel', end: initrd },
          { name: 'initrd', end: systemd, parts: initrdParts(initrd, kernel, clock.marks) },
        ]),
    { name: 'user space', end: seen.ssh },
    { name: 'services', end: healthy },
  ];
  const units = clock.units.map((unit) => ({ ...unit, from: kernel + unit.from }));
  return {
    stages: stretches(0, ends),
    healthySeconds: healthy,
    ...(units.length === 0 ? {} : { units }),
  };
}

function initrdParts(begin: number, kernel: number, marks: NodeClock['marks']): BootStage[] {
  return stretches(
    begin,
    marks.map(({ name, at }) => ({ name, end: kernel + at })),
  );
}

function stretches(
  begin: number,
  ends: readonly { readonly name: string; readonly end: number; readonly parts?: readonly BootStage[] }[],
): BootStage[] {
  return ends.map(({ name, end, parts }, index) => {
    const seconds = end - (ends[index - 1]?.end ?? begin);
    return { name, seconds, ...(parts === undefined || parts.length === 0 ? {} : { parts }) };
  });
}

const rounded = (seconds: number): string => seconds.toFixed(1);

/**
 * The stages as text for people: "firmware 1.2 s, loader 2.0 s, …"; with their parts in brackets if `withParts` is set.
 */
export function stagesText(stages: readonly BootStage[], withParts = false): string {
  return stages
    .map(({ name, seconds, parts }) => {
      const inside = withParts && parts !== undefined ? ` (${stagesText(parts)})` : '';
      return `${name} ${rounded(seconds)} s${inside}`;
    })
    .join(', ');
}

/** Seconds of a stage by its name; 0 if this boot does not have the stage. */
export function secondsOf(times: BootTimes, name: string): number {
  return times.stages.find((stage) => stage.name === name)?.seconds ?? 0;
}
