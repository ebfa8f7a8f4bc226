import { allRoles, roles } from '../inputs/roles.ts';
import { stagesText } from '../vm/boot-stages.ts';
import type { BakeResult, PublishedImage } from './bake-result.ts';
import type { UpToDateImage } from './up-to-date.ts';
import { weightLines } from './weight-text.ts';

const mib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
const seconds = (value: number): string => `${value.toFixed(1)} s`;

function sizesText({ rootBytes, diskBytes }: PublishedImage): string {
  const disks = Object.entries(diskBytes).map(([name, bytes]) => `${name} ${mib(bytes)}`);
  return [`root ${mib(rootBytes)}`, ...disks].join(', ');
}

function payloadText({ role, payload: { layout, scheduler } }: PublishedImage): string {
  return `Mesos in the layout ${layout}${roles[role].hasScheduler ? `, scheduler ${scheduler}` : ''}`;
}

function imageRows(image: PublishedImage): [string, string][] {
  const { verified } = image;
  return [
    ['version', image.version],
    ['root hash', image.rootHash],
    ['size', sizesText(image)],
    ...weightLines(image.weight).map((line, index): [string, string] => [index === 0 ? 'weight' : '', line]),
    ['runs', payloadText(image)],
    [
      'boot test',
      `booted by ${verified.firmware.toUpperCase()}, ssh after ${seconds(verified.secondsToSsh)}, ${verified.checks.length} checks passed`,
    ],
    ...(verified.boot === undefined
      ? []
      : [
          [
            'boot',
            `healthy ${seconds(verified.boot.healthySeconds)} after power-on: ${stagesText(verified.boot.stages)}`,
          ] as [string, string],
        ]),
    ...(image.standIns.length === 0
      ? []
      : [['NOT FOR PRODUCTION', `holds stand-ins: ${image.standIns.join(', ')}`] as [string, string]]),
    ['folder', image.folder],
  ];
}

function unchangedRows({ version, folder }: UpToDateImage): [string, string][] {
  return [
    ['version', version],
    ['unchanged', 'it was built and boot-tested from the same inputs'],
    ['folder', folder],
  ];
}

function rowsText(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('');
}

/** How long assembling took compared with compressing the root. */
function assemblingRows(times: BakeResult['seconds']): [string, string][] {
  return allRoles.flatMap((role): [string, string][] => {
    const [assembled, compressed] = [times[`assemble ${role}`], times[`compress ${role}`]];
    if (assembled === undefined || compressed === undefined || compressed === 0) return [];
    const ratio = (assembled / compressed).toFixed(1);
    return [['assembling', `all artifacts of the ${role} took ${ratio} times as long as its compression`]];
  });
}

/** Formats the summary at the end of a bake: each image, then the time of each stage. */
export function resultTable(result: BakeResult, peakMemoryBytes: number): string {
  const images = [
    ...result.images.map((image) => `${image.role}\n${rowsText(imageRows(image))}`),
    ...result.unchanged.map((image) => `${image.role}\n${rowsText(unchangedRows(image))}`),
  ];
  const times = Object.entries(result.seconds).map(([name, value]) => [name, seconds(value)] as const);
  const rest = [
    ...assemblingRows(result.seconds),
    ...(result.fromCache.length === 0 ? [] : [['from the cache', result.fromCache.join(', ')] as const]),
    ...result.otherPrograms.map((line) => ['build tools changed', line] as const),
    ...(result.signedBy === undefined ? [] : [['signed', `with key ${result.signedBy}`] as const]),
    ['peak memory', `${mib(peakMemoryBytes)} (ingot itself)`],
    ['logs', result.logs],
  ] as const;
  return `\n${images.join('\n')}\nstages\n${rowsText(times)}\n${rowsText(rest)}`;
}
