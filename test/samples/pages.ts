import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPage } from '../../docs/site/pages.ts';

const project = join(import.meta.dirname, '../..');

/** The text of a file of the project. */
export const readPage = (file: string): string => readFileSync(join(project, file), 'utf8');

function below(folder: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? below(path) : [path];
  });
}

/** All pages of the site, relative to the project, sorted. */
export const pages = (): string[] =>
  [
    ...readdirSync(project).filter((name) => name.endsWith('.md')),
    ...['docs', 'examples', 'stand-ins'].flatMap((folder) => below(folder)),
  ]
    .filter(isPage)
    .sort();

/** A page without its code blocks, whose lines stay empty. */
export const withoutBlocks = (text: string): string =>
  text.replace(/^( *)(```+)[\s\S]*?^\1\2$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
