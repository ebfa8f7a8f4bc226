import type { Published } from '../../publish/place.ts';

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;

/** The lines about a publication: where each version is, and what was sent. */
export function publishedText({ versions, sentBytes, presentBytes, channels }: Published): string {
  return [
    ...versions.map(({ role, version, address }) => `${role} ${version}  ${address}\n`),
    `sent ${mebibytes(sentBytes)}, ${mebibytes(presentBytes)} were there already\n`,
    ...(channels.length === 0 ? [] : [`channels copied: ${channels.join(', ')}\n`]),
  ].join('');
}
