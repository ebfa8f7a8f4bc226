import { plainLines } from '../../host/plain-text.ts';
import type { BakeState } from './bake-state.ts';
import type { BakeEvent, BakeHappening } from './events.ts';
import type { MachineRow } from './machine-readable.ts';
import type { Redact } from './redact.ts';

/** The context for reading a row. */
export interface Reading {
  readonly state: BakeState;
  readonly redact: Redact;
  /** When the row was received, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Finds the expected build. Packer names a build `qemu.master`, or `ingot.qemu.master` if the build block has a name;
 * both mean the expected `qemu.master`.
 */
function expectedBuild(name: string, state: BakeState): string | undefined {
  return Object.keys(state.builds).find((build) => name === build || name.endsWith(`.${build}`));
}

const linePrefix = /^(?:==>|-->| {3}) ([\w.-]+):(?: |$)/;
const seconds = '([0-9]+(?:\\.[0-9]+)?)\\s?s';
const step = 'step ([0-9]{2}-[a-z0-9][a-z0-9-]*)';
const secondsSince = (then: number | undefined, at: number): number =>
  then === undefined ? 0 : (at - then) / 1000;

/** Lines that the guest's own runner prints on stdout, and their meaning. */
const guestMarkers: readonly [
  RegExp,
  (build: string, found: readonly string[], reading: Reading) => BakeHappening,
][] = [
  [
    new RegExp(`^ingot: ${step} begins$`),
    (build, [, name = '']) => ({ type: 'step-begins', build, step: name }),
  ],
  [
    new RegExp(`^ingot: ${step} done in ${seconds}$`),
    (build, [, name = '', time]) => ({ type: 'step-done', build, step: name, seconds: Number(time) }),
  ],
  [
    new RegExp(`^ingot: ${step} failed \\(exit ([0-9]+)\\) in (do|assert)\\.sh$`),
    (build, [, name = '', exit, script], { state, at }) => ({
      type: 'step-failed',
      build,
      step: name,
      seconds: secondsSince(state.builds[build]?.step?.begunAt, at),
      exitCode: Number(exit),
      script: script === 'do' ? 'do.sh' : 'assert.sh',
    }),
  ],
  [/^ingot: exporting$/, (build) => ({ type: 'exporting', build })],
  [
    /^ingot: exported ([0-9]+) bytes$/,
    (build, [, bytes]) => ({ type: 'exported', build, bytes: Number(bytes) }),
  ],
];

/** Lines that Packer's qemu builder prints, and their meaning. */
const packerMarkers: typeof guestMarkers = [
  [/^Starting VM/, (build) => ({ type: 'guest-boots', build })],
  [
    /^Connected to SSH!/,
    (build, _, { state, at }) => ({
      type: 'ssh-answers',
      build,
      seconds: secondsSince(state.builds[build]?.bootBegunAt, at),
    }),
  ],
];

function markersOf(kind: 'say' | 'message' | 'error'): typeof guestMarkers {
  return kind === 'message' ? guestMarkers : kind === 'say' ? packerMarkers : [];
}

const buildEnd = /^Build '([^']+)' (finished|errored) after [^:]*:?\s*([\s\S]*)$/;

function failed(build: string, text: string, reading: Reading): BakeHappening[] {
  if (reading.state.builds[build]?.failure !== undefined) return []; // Packer reports it twice
  return [{ type: 'build-failed', build, message: reading.redact(plainLines(text).join('\n')) }];
}

function readEnd(text: string, reading: Reading): BakeHappening[] {
  const [, name = '', how, message = ''] = buildEnd.exec(text) ?? [];
  const build = expectedBuild(name, reading.state);
  if (build === undefined) return [];
  return how === 'finished' ? [{ type: 'build-done', build }] : failed(build, message, reading);
}

function readUi(kind: 'say' | 'message' | 'error', text: string, reading: Reading): BakeHappening[] {
  const happenings: BakeHappening[] = [];
  let build: string | undefined; // a line of the same row without a prefix belongs to the build of the line before
  for (const line of text.split('\n')) {
    const prefix = linePrefix.exec(line);
    const named = prefix?.[1] === undefined ? undefined : expectedBuild(prefix[1], reading.state);
    build = named ?? build;
    const bare = named === undefined ? line : line.slice(prefix?.[0].length ?? 0);
    for (const part of plainLines(bare).map(reading.redact)) {
      happenings.push({ type: 'line', build, kind, text: part });
      for (const [pattern, meaning] of build === undefined ? [] : markersOf(kind)) {
        const found = pattern.exec(part);
        if (found !== null && build !== undefined) happenings.push(meaning(build, found, reading));
      }
    }
  }
  return [...happenings, ...readEnd(text, reading)];
}

function readArtifact(row: MachineRow, reading: Reading): BakeHappening[] {
  const build = expectedBuild(row.target, reading.state);
  // One per artifact that is not nil (packer/command/build.go).
  return build === undefined || row.data[1] !== 'builder-id' ? [] : [{ type: 'artifact', build }];
}

function readError(row: MachineRow, reading: Reading): BakeHappening[] {
  const build = expectedBuild(row.target, reading.state);
  return build === undefined ? [] : failed(build, row.data.join(','), reading);
}

/**
 * Returns the events of one row of Packer's output; their texts have no control characters and no secrets. Rows without
 * a meaning for us give no event.
 */
export function readRow(row: MachineRow, reading: Reading): BakeEvent[] {
  const stamp = (happening: BakeHappening): BakeEvent => ({ ...happening, at: reading.at });
  const [kind, ...text] = row.data;
  switch (row.type) {
    case 'ui':
      return kind === 'say' || kind === 'message' || kind === 'error'
        ? readUi(kind, text.join(','), reading).map(stamp)
        : [];
    case 'artifact':
      return readArtifact(row, reading).map(stamp);
    case 'error':
      return readError(row, reading).map(stamp);
    default:
      return [];
  }
}
