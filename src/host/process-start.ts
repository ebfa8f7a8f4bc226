import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since boot (proc(5), field 22 of stat). A process id by itself can be reused.
 * @returns undefined if there is no such process
 */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
