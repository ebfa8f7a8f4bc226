// Lints every Python file of the project by ruff.toml: files that end in .py, and programs whose first line names
// Python. Prints FILE:LINE:COLUMN: RULE what;
// exit status 1 if it finds anything. With --fix it applies the fixes of ruff.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'smol-toml';

const { Workspace, PositionEncoding } = createRequire(import.meta.url)('@astral-sh/ruff-wasm-nodejs');
const fix = process.argv.includes('--fix');
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
});
const isPython = (text) => /^#!.*\bpython3?\b/.test(text);
const workspace = new Workspace(parse(readFileSync('ruff.toml', 'utf8')), PositionEncoding.Utf32);

function read(file) {
  // A name without a suffix, as programs have.
  if (!file.endsWith('.py') && /\.[^/]*$/.test(file)) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.py') || isPython(text) ? text : undefined;
  } catch {
    return undefined; // removed, but not yet committed
  }
}

/** The text after the edits of one diagnostic. */
function edited(text, edits) {
  const lines = text.split(/(?<=\n)/);
  const offset = ({ row, column }) =>
    lines.slice(0, row - 1).join('').length +
    [...(lines[row - 1] ?? '')].slice(0, column - 1).join('').length;
  return [...edits]
    .sort((a, b) => offset(b.location) - offset(a.location))
    .reduce(
      (done, { content, location, end_location }) =>
        done.slice(0, offset(location)) + (content ?? '') + done.slice(offset(end_location)),
      text,
    );
}

let count = 0;
// pyright finds files that end in .py by itself, and programs where its configuration names them.
const typed = new Set(JSON.parse(readFileSync('pyrightconfig.json', 'utf8')).include);
for (const file of tracked.split('\0').filter(Boolean)) {
  let text = read(file);
  if (text === undefined) continue;
  if (!file.endsWith('.py') && !typed.has(file)) {
    count += 1;
    console.error(`${file}: is Python, and "include" of pyrightconfig.json does not name it`);
  }
  if (fix) {
    for (let round = 0; round < 200; round += 1) {
      const found = workspace.check(text).find((one) => one.fix?.edits.length);
      if (found === undefined) break;
      text = edited(text, found.fix.edits);
    }
    writeFileSync(file, text);
  }
  for (const { code, message, start_location } of workspace.check(text)) {
    count += 1;
    console.error(`${file}:${start_location.row}:${start_location.column}: ${code ?? ''} ${message}`);
  }
}
if (count > 0) process.exitCode = 1;
