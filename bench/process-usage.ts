import { readFile } from 'node:fs/promises';

/** The text of a file of proc(5); empty when its process has ended. */
const procText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** The child processes of a process for which it has not waited yet. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await procText(`/proc/${pid}/task/${pid}/children`);
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** The peak memory of a process so far, in MiB (VmHWM, proc(5)); undefined when it has ended. */
export async function peakMemoryMiB(pid: number): Promise<number | undefined> {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await procText(`/proc/${pid}/status`))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** Ticks per second in /proc: on Linux user space always sees hundredths of a second (USER_HZ, time(7)). */
const ticksPerSecond = 100;

/** User and system time in seconds of a process so far (fields 14 and 15 of stat, proc(5)); 0 when it has ended. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await procText(`/proc/${pid}/stat`);
  // The name in brackets may contain any character, also blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}

/**
 * The usage of a process and its children so far: CPU time in seconds, and the sum of the peak memory of each, in MiB.
 */
export async function processTreeUsage(
  pid: number,
): Promise<{ readonly cpuSeconds: number; readonly memoryMiB: number }> {
  const processes = [pid, ...(await childrenOf(pid))];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    cpuSeconds: sum(await Promise.all(processes.map(cpuSecondsOf))),
    memoryMiB: sum((await Promise.all(processes.map(peakMemoryMiB))).map((found) => found ?? 0)),
  };
}
