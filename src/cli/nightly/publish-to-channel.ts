import type { NightFacts } from '../../nightly/night.ts';
import type { Signer } from '../../version/signer.ts';
import type { World } from '../world.ts';

/** The versions that a night publishes, and where. */
export interface ChannelRequest {
  /** Absolute path of the store. */
  readonly out: string;
  readonly channel: string;
  readonly signer: Signer;
  readonly images: NonNullable<NightFacts['images']>;
}

/**
 * Lets a channel lead to versions; does nothing if it already does.
 * @returns what was done, in lines
 */
export function publishToChannel(_: World, { channel }: ChannelRequest): Promise<string[]> {
  return Promise.resolve([`the channel ${channel} was not moved: ingot promote is not there yet`]);
}
