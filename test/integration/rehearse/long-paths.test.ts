import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { makeTemporaryFolder } from '../../../src/host/temporary-folder.ts';
import { runOnNode } from '../../../src/vm/ssh.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { startSshFleet } from '../fleet/ssh-fleet.ts';

test('a node is reached through a shared connection however long the path of the store is', async () => {
  const host = makeHost();
  const fleet = await startSshFleet([], 'cat >/dev/null; echo answered');
  try {
    const top = await temporaryFolder();
    const said = new Map<number, string>();
    for (let length = 68; length <= 92; length += 1) {
      const work = join(top, 'x'.repeat(length - top.length - '//tmp'.length));
      await mkdir(work);
      const temporary = await makeTemporaryFolder(work);
      const { stdout, stderr } = await runOnNode(
        host,
        {
          ...{ port: fleet.port, user: userInfo().username, keyFile: join(fleet.folder, 'user') },
          shared: { socket: join(temporary.path, 'slave-1000.ssh'), open: true },
        },
        'true',
      );
      await temporary.remove();
      said.set(length, stdout + stderr);
    }
    expect([...said].filter(([, text]) => text.trim() !== 'answered')).toEqual([]);
  } finally {
    await fleet.stop();
  }
});
