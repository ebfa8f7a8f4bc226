import type { ErrorCode } from '../host/ingot-error.ts';

/**
 * The kinds of text in which a failure shows itself. error: the message of ingot and its excerpt; compose: the output of
 * apt, dpkg and mmdebstrap; packer: Packer's log; console: a guest's serial console; qemu: QEMU's own messages; journal:
 * the journal of a node.
 */
export const logKinds = ['error', 'compose', 'packer', 'console', 'qemu', 'journal'] as const;
export type LogKind = (typeof logKinds)[number];

/** The groups of docs/troubleshooting.md, in its order, with their headings. */
export const failureAreas = {
  host: 'The build host',
  sources: 'Package sources',
  packages: 'Packages and trees',
  guest: 'The build guest',
  boot: 'Booting a node',
  services: 'Services and checks of a node',
} as const;

/** A failure whose cause is known. */
export interface KnownFailure {
  /** Lower case, with hyphens; does not change. It is the anchor of its section in docs/troubleshooting.md. */
  readonly code: string;
  readonly area: keyof typeof failureAreas;
  /** What a person sees, as a heading without a full stop. */
  readonly title: string;
  /** Where the sign is searched for. */
  readonly in: readonly LogKind[];
  /** Matches one line of such a text. */
  readonly sign: RegExp;
  /** Only errors with these codes; without it, any error. */
  readonly only?: readonly ErrorCode[];
  /** The likely cause, in whole sentences. */
  readonly cause: string;
  /** What to do, the most likely first: sentences, with commands in backquotes. */
  readonly remedy: readonly string[];
}

/**
 * Returns a function that adds the area to each entry.
 * @param only the error codes of entries that name none
 */
export const inArea =
  (area: KnownFailure['area'], only?: readonly ErrorCode[]) =>
  (entries: readonly Omit<KnownFailure, 'area'>[]): readonly KnownFailure[] =>
    entries.map((entry) => ({ ...(only === undefined ? {} : { only }), ...entry, area }));
