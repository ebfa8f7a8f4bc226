/** The channels of a store, from the first to the last that a version reaches. */
export const channelNames = ['candidate', 'stable'] as const;
export type ChannelName = (typeof channelNames)[number];

export const isChannelName = (text: string): text is ChannelName =>
  channelNames.some((name) => name === text);
