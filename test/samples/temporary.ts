import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { IngotError } from '../../src/host/ingot-error.ts';

/** An empty folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The IngotError that the work rejects with; the test fails if it does anything else. */
export async function rejection(work: Promise<unknown>): Promise<IngotError> {
  const outcome = await work.then(
    () => 'it was fulfilled' as const,
    (error: unknown) => error,
  );
  if (outcome instanceof IngotError) return outcome;
  throw outcome instanceof Error ? outcome : new Error(String(outcome));
}

/**
 * An empty folder for all tests of a file, made before the first and removed after the last; its name is known once
 * they run.
 */
export function sharedFolder(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
