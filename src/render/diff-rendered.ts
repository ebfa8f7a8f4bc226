import { createTwoFilesPatch } from 'diff';
import type { RenderedFile } from './templates.ts';

/**
 * Returns the unified diff from the files on disk (path relative to the folder, and content) to the rendered files; ''
 * if they are the same. A file that exists on only one side is compared with /dev/null, as diff(1) -N does.
 */
export function diffRendered(onDisk: ReadonlyMap<string, string>, rendered: readonly RenderedFile[]): string {
  const wanted = new Map(rendered.map(({ path, content }) => [path, content]));
  const paths = [...new Set([...onDisk.keys(), ...wanted.keys()])].sort();
  return paths.map((path) => diffFile(path, onDisk.get(path), wanted.get(path))).join('');
}

function diffFile(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const to = after === undefined ? '/dev/null' : `b/${path}`;
  return createTwoFilesPatch(from, to, before ?? '', after ?? '').replace(/^=+\n/, '');
}
