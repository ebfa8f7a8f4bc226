import type { ChannelName } from '../channel-names.ts';
import type { Severity } from '../feed/severity.ts';

/** What a person may allow a promotion to lack, each with its own flag. */
export const allowances = ['unverified', 'stand-ins', 'unrehearsed', 'unchecked-cves', 'older'] as const;
export type Allowance = (typeof allowances)[number];

/** What a version has to show before a channel points to it. */
export interface PromotionPolicy {
  /** Whether a signed statement has to say that the versions were rehearsed together. */
  readonly rehearsed: boolean;
  /** Drills that such statements have to report as passed. */
  readonly drills: readonly string[];
  /** Whether a feed of vulnerabilities has to be named. */
  readonly cvesChecked: boolean;
  /** The gravest severity that a version may have. */
  readonly maxSeverity: Severity;
  /** Ids of vulnerabilities that a person has accepted. */
  readonly acceptedCves: readonly string[];
  readonly allow: readonly Allowance[];
}

/** What each channel demands by itself; the command line can add to it. */
export const channelDemands: Readonly<
  Record<ChannelName, Pick<PromotionPolicy, 'rehearsed' | 'cvesChecked'>>
> = {
  candidate: { rehearsed: false, cvesChecked: false },
  stable: { rehearsed: true, cvesChecked: true },
};

/** Why a version must not be promoted. */
export interface Objection {
  /** A sentence without a full stop. */
  readonly why: string;
  /** What a person can allow; undefined if nothing on the command line does. */
  readonly allowedBy?: Allowance;
}
