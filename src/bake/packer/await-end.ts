import type { Running } from '../../host/host.ts';
import { endLeftovers, type RunMarks } from '../../host/leftovers.ts';

type Ended = Awaited<Running['ended']>;

// Packer stops its guests in well under a second; including KILL and the search for leftovers, all is over within 10 s.
const graceMs = 3000;
const pollMs = 500;

/** Whether there is a process with this id (kill(2) with signal 0). */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits for the first of these: the process ends and its output is complete, the signal fires, or the process ends
 * while others keep its output open.
 */
function firstEnd(running: Running, signal: AbortSignal | undefined): Promise<Ended | 'aborted' | 'gone'> {
  return new Promise((resolve) => {
    const settle = (end: Ended | 'aborted' | 'gone') => {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(end);
    };
    const onAbort = () => {
      settle('aborted');
    };
    const timer = setInterval(() => {
      if (!isAlive(running.pid)) settle('gone');
    }, pollMs);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    void running.ended.then(settle);
  });
}

/**
 * Waits until Packer has ended; ends it when the signal fires or its first process was killed. When this returns, no
 * process of the run is left.
 * @returns how it ended, or 'aborted' after the signal
 */
export async function awaitEnd(
  running: Running,
  run: RunMarks,
  signal?: AbortSignal,
): Promise<Ended | 'aborted'> {
  const first = await firstEnd(running, signal);
  // To the process group: Packer's first process ignores an interrupt that only it receives, and the others outlive
  // it.
  if (first === 'aborted' || first === 'gone') await running.end({ signal: 'SIGINT', graceMs });
  await endLeftovers(run);
  return first === 'aborted' ? first : await running.ended;
}
