import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requireMemory } from '../../../src/vm/free-memory.ts';

function meminfo(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ingot-memory-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'meminfo'), text);
  return join(folder, 'meminfo');
}

it('a guest that does not fit into the memory is refused with both numbers', () => {
  const four = meminfo('MemTotal:       8388608 kB\nMemAvailable:   4194304 kB\n');
  expect(() => {
    requireMemory('5 nodes', 6400, four);
  }).toThrow('not enough memory: 5 nodes need 6.3 GiB, 4.0 GiB are available');
  requireMemory('3 nodes', 3840, four);
});

it('a kernel that does not report the available memory is not a reason to refuse', () => {
  requireMemory('5 nodes', 6400, meminfo('MemTotal: 1 kB\n'));
});
