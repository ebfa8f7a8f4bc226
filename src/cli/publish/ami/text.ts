import type { AmiRequest } from '../../../publish/ami/image-facts.ts';
import { latencyText } from '../../../publish/ami/latency.ts';
import type { PublishedAmi } from '../../../publish/ami/publish-ami.ts';
import type { publishAmiShape } from '../../shapes/publish-ami-shape.ts';
import type { DocumentOf } from '../../shared/json-text.ts';

/** The images of one version. */
export type VersionAmi = PublishedAmi & { readonly request: AmiRequest; readonly folder: string };

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

function uploadText({ upload }: PublishedAmi): string {
  if (upload === undefined) return 'the account had this image already';
  const { diskBytes, dataBytes, seconds, repeats, sentBlocks, blocks, latency } = upload;
  const rate = (diskBytes / 1e6 / Math.max(seconds, 0.001)).toFixed(0);
  const before = blocks - sentBlocks;
  return [
    `${mebibytes(diskBytes)} in ${seconds.toFixed(1)} s (${rate} MB/s), of which ${mebibytes(dataBytes)} hold data`,
    ...(before === 0 ? [] : [`${before} of ${blocks} blocks were there from an interrupted upload`]),
    `${latencyText(latency)}, ${repeats} sent again`,
    `SHA-256 of all blocks, linear: ${upload.checksum}`,
  ].join('\n  ');
}

/** What was made, for people. */
export const amisText = (published: readonly VersionAmi[]): string =>
  published.map((one) => `${one.name}\n  ${uploadText(one)}\n`).join('');

/** One line for each image: region, image, name. */
export const imageLines = (published: readonly VersionAmi[]): string =>
  published
    .flatMap(({ name, images }) => images.map(({ region, image }) => `${region} ${image} ${name}\n`))
    .join('');

/** What was made, as a document. */
export const amiDocument = (published: readonly VersionAmi[]): DocumentOf<typeof publishAmiShape> => ({
  schema: 1,
  versions: published.map(({ name, images, upload, request, folder }) => ({
    ...{ role: request.role, version: request.version, folder, rootHash: request.rootHash, name, images },
    upload: upload ?? null,
  })),
});
