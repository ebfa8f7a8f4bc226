import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';
import type { Signer } from '../version/signer.ts';
import type { AdmittedVersion } from './admit.ts';
import type { ChannelText } from './channels/store-channels.ts';

export interface PublishRequest {
  /** The place as the user wrote it, e.g. oci://registry.example/ingot/demo:stable. */
  readonly to: string;
  /** At least one, and at most one of each role. */
  readonly versions: readonly AdmittedVersion[];
  /** Who signs what is written to a registry, for tools that verify it there. */
  readonly signer?: Signer | undefined;
  /** Where relative paths begin. */
  readonly cwd: string;
  /** Channels and revoked versions of the store, which the place gets too; the list of revoked versions first. */
  readonly channels?: readonly ChannelText[];
  /** The user's environment: credentials are found with it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressStage;
  readonly signal: AbortSignal;
}

/** Where a version is now. */
export interface PublishedVersion {
  readonly role: Role;
  readonly version: string;
  /** What a person passes to the command that fetches it. */
  readonly address: string;
}

/** What was published. */
export interface Published {
  /** What a person passes to the command that fetches all of it. */
  readonly address: string;
  readonly versions: readonly PublishedVersion[];
  /** Bytes that were sent, and bytes that the place had already. */
  readonly sentBytes: number;
  readonly presentBytes: number;
  /** The channels whose pointers were copied, and "revoked" for the list of revoked versions. */
  readonly channels: readonly string[];
  /** Why a pointer of the store was not copied; sentences without a full stop. */
  readonly leftChannels: readonly string[];
}

/** A kind of place that versions are published to. */
export interface Place {
  /** What its address begins with, without `://`: `oci`; '' for a folder. */
  readonly scheme: string;
  /** An address, for messages. */
  readonly example: string;
  /**
   * Publishes versions so that a reader finds all of the old or all of the new. What is there already is not sent again.
   * @throws IngotError publish-failed if the place cannot be reached or refuses; the old content is still published
   */
  publish(host: Host, request: PublishRequest): Promise<Published>;
}
