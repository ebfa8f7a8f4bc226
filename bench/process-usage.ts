import { readFile } from 'node:fs/promises';

/** The text of a file of proc(5), or nothing when its process has ended. */
const procText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** The processes that a process has started and not yet waited for. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await procText(`/proc/${pid}/task/${pid}/children`);
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** The most memory in MiB that a process has held so far (VmHWM); undefined when it has ended. */
export async function highWaterMiB(pid: number): Promise<number | undefined> {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await procText(`/proc/${pid}/status`))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

// What user space sees is in hundredths of a second on every Linux machine (USER_HZ, time(7)).
const ticks = 100;

/** User and system time in seconds of a process so far (fields 14 and 15 of stat, proc(5)); 0 when it has ended. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await procText(`/proc/${pid}/stat`);
  // The name before the last bracket may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks;
}

/** What a server and its workers have taken so far: CPU seconds, and the sum in MiB of the most that each of them held. */
export async function familyUsage(
  pid: number,
): Promise<{ readonly cpuSeconds: number; readonly memoryMiB: number }> {
  const family = [pid, ...(await childrenOf(pid))];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    cpuSeconds: sum(await Promise.all(family.map(cpuSecondsOf))),
    memoryMiB: sum((await Promise.all(family.map(highWaterMiB))).map((found) => found ?? 0)),
  };
}
