import { availableParallelism, totalmem } from 'node:os';
import { parseSize } from '../../bake/cache/cache-folder.ts';
import { Budget } from '../../host/budget.ts';
import type { BakeInput } from './options.ts';

const mib = 1024 ** 2;

/**
 * What the bakes of one call may take of this host.
 * @param always whether there is a limit also if none is named: that of the host
 * @throws IngotError wrong-usage for a text that is not a size
 */
export function hostBudget(
  { processors, memory }: Pick<BakeInput, 'processors' | 'memory'>,
  always: boolean,
): Budget | undefined {
  if (!always && processors === undefined && memory === undefined) return undefined;
  const bytes = memory === undefined ? totalmem() : parseSize(memory, '--memory');
  return new Budget({
    processors: processors ?? availableParallelism(),
    memoryMiB: Math.floor(bytes / mib),
  });
}
