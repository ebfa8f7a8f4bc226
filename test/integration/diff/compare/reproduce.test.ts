import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireForReproducing } from '../../../../src/bake/reproduce-images.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

describe('ingot reproduce', () => {
  it('says before any work which role the store has nothing of', async () => {
    const out = await temporaryFolder();
    await mkdir(join(out, 'master', 'one'), { recursive: true });
    await symlink('one', join(out, 'master', 'latest'));
    const request = { roles: ['master', 'slave'] as const, out, accelerator: undefined };
    const error = await rejection(requireForReproducing(request));
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(`there is no slave image in ${out} to compare with`);
    expect(error.hint).toContain('--out FOLDER');
  });
});
