import { createHash } from 'node:crypto';
import type { PlacedFile } from './plan.ts';

/** SHA-256 of the content that a placed file has on the node: 64 hexadecimal digits. */
export function placedSha256({ content, binary }: Pick<PlacedFile, 'content' | 'binary'>): string {
  return binary?.sha256 ?? createHash('sha256').update(content).digest('hex');
}
