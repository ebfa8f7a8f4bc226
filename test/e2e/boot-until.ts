import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeHost } from '../../src/host/make-host.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';

/**
 * Boots a disk by BIOS until its console shows the text; returns the console so far. Rejects if QEMU ends before that.
 */
export async function bootUntil(disk: string, text: RegExp, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const lines: string[] = [];
  let found = (): void => undefined;
  const shown = new Promise<void>((resolve) => {
    found = resolve;
  });
  const guest = await makeHost().start(
    'qemu-system-x86_64',
    [
      ...machineArguments({ accelerator: 'tcg', cpus: 2, memoryMiB: 1024 }),
      ...['-machine', 'pc', '-serial', 'stdio', '-drive', `if=virtio,format=qcow2,snapshot=on,file=${disk}`],
    ],
    {
      log: join(folder, 'console.log'),
      onLine: (line) => {
        lines.push(line);
        if (text.test(line)) found();
      },
    },
  );
  const outcome = await Promise.race([shown.then(() => 'shown'), guest.ended.then(() => 'ended')]);
  await guest.end({ signal: 'SIGKILL' });
  if (outcome === 'ended')
    throw new Error(`the machine ended without showing ${text.source}:\n${lines.slice(-30).join('\n')}`);
  return lines.join('\n');
}
