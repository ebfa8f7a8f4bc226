import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bakeOnce, signingKeyFile, storeFolder } from './baked-store.ts';
import { processesNaming, project } from './ingot-process.ts';

describe('ingot shell of a version', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
  });

  it('boots it on a disk that is thrown away, runs what is typed as ops or root, and leaves nothing running', () => {
    const version = readlinkSync(join(storeFolder, 'master', 'latest'));
    const shell = (input: string) =>
      spawnSync(
        join(project, 'bin', 'ingot'),
        ['shell', 'master', '--out', storeFolder, '--seed-key', signingKeyFile],
        { input, encoding: 'utf8' },
      );
    const { status, stdout, stderr } = shell(
      'ingot-release; id -un; sudo -n id -un; sudo -n touch /etc/changed; exit 7\n',
    );
    expect(status, stderr).toBe(7);
    expect(stdout).toContain(version);
    expect(stdout).toMatch(/^ops\nroot$/m);
    expect(stderr).toContain('nothing of it is kept');
    expect(processesNaming(storeFolder)).toEqual([]);
  });
});
