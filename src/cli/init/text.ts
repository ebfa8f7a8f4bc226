import { relative } from 'node:path';
import { commandText } from '../../host/command-text.ts';
import type { WrittenFiles } from '../../host/write-new-files.ts';
import { ignoredByGit } from '../../inputs/starter/starter-files.ts';
import { wrappedText } from '../shared/wrapped-text.ts';

/** What `ingot init` prints for people: what was left as it is, and the next command. Ends in a newline. */
export function initText(
  { kept }: WrittenFiles,
  { folder, cwd, width }: { readonly folder: string; readonly cwd: string; readonly width: number },
): string {
  const lines: string[] = [];
  if (kept.includes('cluster.yaml')) lines.push('cluster.yaml is there already, with the same text');
  if (kept.includes('.gitignore')) {
    const wanted = ignoredByGit.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    lines.push(
      `.gitignore was there and is left as it is; it should contain these lines: ${wanted.join(' ')}`,
    );
  }
  const place = relative(cwd, folder);
  const enter = place === '' ? '' : `${commandText('cd', [place.startsWith('..') ? folder : place])} && `;
  return [
    ...lines.map((line) => wrappedText(line, width)),
    `next: ${enter}ingot check cluster.yaml`,
    '',
  ].join('\n');
}
