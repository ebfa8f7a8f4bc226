// @ts-check
// Refuses the words of words.js where people read: `node test/style/check.js` what has to be clean, `--all` everything, with a sum by folder.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { clean } from './clean.js';
import { markdownProse, scriptProse } from './prose.js';
import { refusedWords } from './words.js';

const project = join(import.meta.dirname, '../..');
/**
 * What people read of a file, by its ending; of every other kind its comments and texts cannot be told from its code.
 * @type {Record<string, (text: string) => string>}
 */
const prose = { '.md': markdownProse, '.ts': scriptProse };

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
