import { join } from 'node:path';
import { openLineLog } from '../../src/bake/packer/line-log.ts';
import { type JournalEntry, journalName } from '../../src/cli/progress/journal.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../../src/store/run-folder.ts';

/** A bake that runs as far as a store knows: this process owns its run folder. */
export async function startedBake(out: string): Promise<{
  readonly run: RunFolder;
  readonly write: (...entries: readonly JournalEntry[]) => void;
  readonly end: () => Promise<void>;
}> {
  const host = makeHost();
  const run = await openRunFolder(host, out);
  const log = openLineLog(join(run.logs, journalName));
  return {
    run,
    write: (...entries) => {
      for (const entry of entries) log.write(JSON.stringify(entry));
    },
    end: () => closeRunFolder(host, run),
  };
}
