import type { Running } from '../../host/host.ts';
import { endLeftovers, type Run } from '../../host/leftovers.ts';

type Ended = Awaited<Running['ended']>;

// Packer stops its guests in well under a second; with the KILL and the search after it all is over within 10 s.
const graceMs = 5000;
const lookEveryMs = 500;

/** Whether there is a process of this id (kill(2) with signal 0). */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What comes first: the end with all output, the signal, or the end of the process while others hold its output open. */
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
      if (!lives(running.pid)) settle('gone');
    }, lookEveryMs);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    void running.ended.then(settle);
  });
}

/**
 * Waits until Packer has ended, or ends it when the signal says so or its first process was killed; when this returns, nothing of the
 * run lives any more.
 * @returns how it ended, or 'aborted' after the signal
 */
export async function awaitEnd(running: Running, run: Run, signal?: AbortSignal): Promise<Ended | 'aborted'> {
  const first = await firstEnd(running, signal);
  // To the group: Packer's first process ignores an interrupt that only it gets, and the others outlive it.
  if (first === 'aborted' || first === 'gone') await running.end({ signal: 'SIGINT', graceMs });
  await endLeftovers(run);
  return first === 'aborted' ? first : await running.ended;
}
