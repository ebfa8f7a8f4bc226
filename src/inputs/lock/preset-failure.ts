import type { FetchFailure } from '../apt/fetch-failure.ts';
import type { PresetSource } from '../plan/plan.ts';
import { spacedFingerprint } from '../plan/spaced-fingerprint.ts';

/** What a user can change in the spec if the source of a preset cannot be reached, does not exist or is not trusted. */
interface Advice {
  /** Matches the output of apt. */
  readonly pattern: RegExp;
  readonly why?: (match: RegExpExecArray, preset: PresetSource) => string;
  readonly hint: (preset: PresetSource) => string;
}

const aMirror =
  'a copy of the source that this machine reaches: mesos: { mirror: URL }; docs/lock.md says how to make one';

const trusted: readonly Advice[] = [
  {
    pattern: /NO_PUBKEY ([0-9A-F]+)/,
    why: ([, id = ''], { name, fingerprint = '' }) =>
      `it is signed with the key ${id}, not with that of the preset ${name}, ${spacedFingerprint(fingerprint)}`,
    hint: ({ mirror }) =>
      mirror
        ? 'a mirror that you sign: name your key as key next to mirror; else copy the Release files of the owner as they are'
        : `somebody else answers in its place, or its owner has a new key: do not use it before you know which. ${aMirror}`,
  },
  {
    pattern: /is expired \(invalid since/,
    hint: ({ name, mirror }) =>
      mirror
        ? 'update the mirror; where its age is meant: validUntil: false next to mirror'
        : `its owner has not renewed it, or the clock of this machine is wrong; to read it all the same: mesos: { preset: ${name}, validUntil: false }`,
  },
];

/**
 * Explains a failure of a source that belongs to a preset, with what the spec can say instead.
 * @param said what apt reported about this source
 */
export function presetFailure(
  failure: FetchFailure,
  messages: readonly string[],
  preset: PresetSource | undefined,
): FetchFailure {
  if (preset === undefined) return failure;
  for (const { pattern, why, hint } of trusted) {
    // With the site's own key there is no other key to compare with.
    if (why !== undefined && preset.fingerprint === undefined) continue;
    const match = messages.map((line) => pattern.exec(line)).find((one) => one !== null);
    if (match == null) continue;
    return { ...failure, ...(why === undefined ? {} : { why: why(match, preset) }), hint: hint(preset) };
  }
  if (preset.mirror) return failure;
  return { ...failure, hint: `${failure.hint}\n${aMirror}` };
}
