import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireForReproducing } from '../../../../src/bake/reproduce-images.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

describe('ingot reproduce', () => {
  const version = '20261122-aaaaaaaaaaaa';

  it('reports before any work for which role the store has no image', async () => {
    const out = await temporaryFolder();
    await mkdir(join(out, 'master', version), { recursive: true });
    await symlink(version, join(out, 'master', 'latest'));
    const request = { roles: ['master', 'slave'] as const, out, accelerator: undefined };
    const error = await rejection(requireForReproducing(request));
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(`there is no slave image in ${out}`);
    expect(error.hint).toContain('--out FOLDER');
  });
});
