import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absolute folder of one run of the end-to-end tests. */
    readonly e2eFolder: string;
  }
}

/**
 * Provides the folder of one run of the end-to-end tests. All its test files share it, and it is removed at the end.
 * INGOT_E2E_STORE names a folder that is kept and used again, for people who work on a test: its bake is then done
 * once.
 */
export function setup(testing: TestProject): () => void {
  const lasting = process.env['INGOT_E2E_STORE'];
  if (lasting !== undefined) {
    mkdirSync(lasting, { recursive: true });
    testing.provide('e2eFolder', lasting);
    return () => undefined;
  }
  const parent = join(import.meta.dirname, '..', '..', '.make');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'e2e-store-'));
  testing.provide('e2eFolder', folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
