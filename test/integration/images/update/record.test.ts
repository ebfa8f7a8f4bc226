import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const library = fileURLToPath(new URL('../../../../node-tools', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-record-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Records an attempt; returns the renames and syncs in order. */
function callsOfNote(): string[] {
  const script = `
import os, sys
sys.path.insert(0, sys.argv[1])
from ingot_node.update import record
fsync, replace = os.fsync, os.replace
def seen_fsync(descriptor):
    fsync(descriptor)
    print("fsync", os.readlink(f"/proc/self/fd/{descriptor}"))
def seen_replace(old, new):
    replace(old, new)
    print("replace", new)
os.fsync, os.replace = seen_fsync, seen_replace
record.note(sys.argv[2], "written", version="20261124-bbbbbbbbbbbb")
`;
  const shown = execFileSync('/usr/bin/python3', ['-sEB', '-c', script, library, folder]).toString();
  return shown
    .trimEnd()
    .replaceAll(/\.\d+$/gm, '.OWN')
    .split('\n');
}

it('the record of an update is on the disk, with its final name, before the machine can restart', () => {
  const path = join(folder, 'last.json');
  expect(callsOfNote()).toEqual([`fsync ${path}.OWN`, `replace ${path}`, `fsync ${folder}`]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ what: 'written' });
});
