// @ts-check
// Refuses the words of words.js in text that people read: `node test/style/check.js` checks the files that must be
// clean, `--all` checks every file and prints a count by folder.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { clean } from './clean.js';
import { markdownProse, scriptProse } from './prose.js';
import { refusedWords } from './words.js';

const project = join(import.meta.dirname, '../..');
/**
 * The text of a file that people read, by its ending. In other kinds of files, comments and texts cannot be separated
 * from the code.
 * @type {Record<string, (text: string) => string>}
 */
const prose = { '.md': markdownProse, '.ts': scriptProse, '.tsx': (text) => scriptProse(text, 'module.tsx') };

const all = process.argv.includes('--all');
const files = execFileSync('git', ['ls-files', '-z', '--', ...(all ? ['.'] : clean)], {
  cwd: project,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '');

/** @type {Map<string, number>} */
const sums = new Map();
for (const file of files) {
  const read = prose[extname(file)] ?? ((text) => text);
  for (const { line, column, found, write } of refusedWords(
    read(readFileSync(join(project, file), 'utf8')),
  )) {
    console.error(`${file}:${String(line)}:${String(column)}: "${found}": write: ${write}`);
    sums.set(dirname(file), (sums.get(dirname(file)) ?? 0) + 1);
  }
}
if (all) for (const [folder, sum] of sums) console.log(`${String(sum).padStart(5)} ${folder}`);
process.exitCode = sums.size === 0 ? 0 : 1;
