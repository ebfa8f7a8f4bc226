import type { ChannelPointer } from '../../channel/channel-pointer.ts';

/** One line about a pointer: what it is, and until when. */
export function pointerText({ channel, counter, expiresOn, rollout, allowed }: ChannelPointer): string {
  const share = rollout === undefined ? '' : `, ${rollout.percent} % of an inventory has the next versions`;
  const more = allowed.length === 0 ? '' : `, allowed: ${allowed.join(', ')}`;
  return `${channel}: number ${counter}, valid until ${expiresOn.slice(0, 16)}Z${share}${more}`;
}
