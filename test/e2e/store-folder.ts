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
 * Gives one run of the end-to-end tests a folder, which all its test files share and which goes at its end. INGOT_E2E_STORE names one that stays
 * and is used again, for whoever works on a test: its bake is then done once.
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
