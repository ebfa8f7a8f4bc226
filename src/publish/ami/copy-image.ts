import { createHash } from 'node:crypto';
import { type AmiRequest, descriptionOf, tagsOf } from './image-facts.ts';
import type { AwsRegion } from './region.ts';

/** A copy of an image into another region. */
export interface ImageCopy {
  readonly image: string;
  readonly from: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/** The token of one region's copy; AWS takes 64 characters. */
const copyToken = (token: string, region: string): string =>
  createHash('sha256').update(`${token} ${region}`).digest('hex').slice(0, 64);

/**
 * Copies an image into a region. With the same token, AWS answers with the same copy. A region makes 20 copies at once
 * ("Amazon EBS endpoints and quotas"): this waits for its turn.
 * @param into the region of the copy
 * @returns the id of the copy, which is not available yet
 */
export async function copyImage(into: AwsRegion, request: AmiRequest, copy: ImageCopy): Promise<string> {
  const { CopyImageCommand } = into.sdk.ec2;
  const { image, from, token, signal, note } = copy;
  const tags = tagsOf(request, token);
  const { ImageId } = await into.ec2({
    operation: 'CopyImage',
    signal,
    waitsForRoom: true,
    onRetry: ({ kind, message }) => {
      if (kind === 'limit') note(`waits for other copies: ${message}`);
    },
    send: (client, options) =>
      client.send(
        new CopyImageCommand({
          Name: request.name,
          Description: descriptionOf(request),
          SourceImageId: image,
          SourceRegion: from,
          ClientToken: copyToken(token, into.name),
          ...(request.copyWithinMinutes === undefined
            ? {}
            : { SnapshotCopyCompletionDurationMinutes: request.copyWithinMinutes }),
          TagSpecifications: [
            { ResourceType: 'image', Tags: tags },
            { ResourceType: 'snapshot', Tags: tags },
          ],
        }),
        options,
      ),
  });
  if (ImageId === undefined) throw new Error('CopyImage answered without an image');
  return ImageId;
}
