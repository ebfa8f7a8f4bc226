import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * State and process group of a process (proc(5), fields 3 and 5 of stat). The name before them may contain any
 * character.
 */
function stateAndGroup(pid: string): readonly [state: string, group: number] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', , group = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [state, Number(group)];
  } catch {
    return undefined; // the process has ended meanwhile
  }
}

/**
 * Whether any process of the group is running. A zombie counts as ended: an init process may take seconds to reap an
 * orphan.
 */
function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
  } catch {
    return false;
  }
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [state, group] = stateAndGroup(name) ?? ['', 0];
    return group === pid && state !== 'Z' && state !== 'X';
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // the group has ended already
  }
}

const pollMs = 25;

/**
 * Ends a whole process group (kill(2) with a negative id): the signal, a wait, then KILL.
 * @param graceMs how long the group may take to end after the signal
 */
export async function endProcessGroup(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalGroup(pid, signal);
  for (let waited = 0; groupLives(pid) && waited < graceMs; waited += pollMs) await wait(pollMs);
  if (!groupLives(pid)) return;
  signalGroup(pid, 'SIGKILL');
  for (let waited = 0; groupLives(pid) && waited < 2000; waited += pollMs) await wait(pollMs);
}

/** Kills a group immediately; for use while our own process exits. */
export function killProcessGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}
