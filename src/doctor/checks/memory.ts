import { availableMemory } from '../../vm/free-memory.ts';
import { type Finding, found, type HostCheck, ok } from '../finding.ts';

/** RAM of a guest in MiB, by default (docs/spec.md, guest.memory), and of what runs around it. */
const guestMiB = 2048;
const aroundMiB = 512;

const sizeText = (mebibytes: number): string => `${(mebibytes / 1024).toFixed(1)} GiB`;

/**
 * Returns whether guests fit into the memory: a bake runs one for each role at the same time.
 * @param available MiB; undefined if the kernel does not report it
 */
export function judgeMemory(available: number | undefined): Finding {
  if (available === undefined)
    return found('memory', 'warning', 'the kernel does not report how much memory is available');
  const has = `${sizeText(available)} of memory are available`;
  const one = guestMiB + aroundMiB;
  const both = 2 * guestMiB + aroundMiB;
  if (available < one)
    return found(
      'memory',
      'problem',
      `${has}, and one guest needs ${sizeText(one)}`,
      'stop programs that use memory: ps -eo rss,pid,comm --sort=-rss',
    );
  if (available < both)
    return found(
      'memory',
      'warning',
      `${has}, and the guests of both roles need ${sizeText(both)}`,
      'ingot bake SPEC --role master, then --role slave',
    );
  return ok('memory', has);
}

/** The memory for guests. */
export const checkMemory: HostCheck = () => Promise.resolve([judgeMemory(availableMemory())]);
