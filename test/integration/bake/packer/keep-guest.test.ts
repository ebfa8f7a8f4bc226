import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { processesOf } from '../../../../src/host/leftovers.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { project } from '../../built-ingot.ts';
import { bake, runFolder } from './packer-runs.ts';

const failing = `echo 'ingot: step 30-units begins'; echo details; echo 'ingot: step 30-units failed (exit 7) in do.sh'; sleep 600; exit 1`;

describe('--keep-on-failure', () => {
  test('keeps Packer and its guest until nobody looks at it; then the error is the failed step, and nothing runs', async () => {
    const folder = await runFolder();
    const kept: string[] = [];
    const hold = async (role: string, step: string): Promise<void> => {
      kept.push(`${role} ${step}`);
      expect((await processesOf({ folder, temporary: join(folder, 'tmp') })).length).toBeGreaterThan(0);
    };
    const { error } = await bake(folder, { master: [failing] }, { hold });
    expect(kept).toEqual(['master 30-units']);
    expect(error).toBeInstanceOf(IngotError);
    expect(error).toMatchObject({ code: 'step-failed' });
    expect((error as IngotError).message).toMatch(/^master: step 30-units failed in do\.sh \(exit 7\)/);
    expect(await processesOf({ folder, temporary: join(folder, 'tmp') })).toEqual([]);
  });

  test('left with Ctrl-C is still the failed step, not an interruption', async () => {
    const folder = await runFolder();
    const abort = new AbortController();
    const hold = (): Promise<void> => {
      abort.abort(new IngotError({ code: 'interrupted', message: 'interrupted' }));
      return new Promise(() => undefined);
    };
    const { error } = await bake(folder, { master: [failing] }, { hold, signal: abort.signal });
    expect(error).toMatchObject({ code: 'step-failed' });
  });

  test.each([true, false])('in the guest: a failed step waits only with the file keep (%s)', async (keep) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'steps/10-fails'), { recursive: true });
    await copyFile(join(project, 'templates/packer/guest/run-step'), join(folder, 'run-step'));
    await chmod(join(folder, 'run-step'), 0o755);
    await writeFile(join(folder, 'steps/10-fails/do.sh'), 'exit 7\n');
    if (keep) await writeFile(join(folder, 'keep'), '');
    const step = spawn('/bin/sh', [join(folder, 'run-step'), '10-fails'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: step.stdout })) {
      lines.push(line);
      if (line.includes('failed')) break;
    }
    expect(lines.at(-1)).toBe('ingot: step 10-fails failed (exit 7) in do.sh');
    if (keep) {
      expect(step.exitCode).toBeNull();
      await rm(join(folder, 'keep'));
      if (step.pid !== undefined) process.kill(-step.pid, 'SIGKILL');
    }
    const [code] =
      step.exitCode === null && step.signalCode === null
        ? ((await once(step, 'exit')) as [number | null])
        : [step.exitCode];
    expect(code).toBe(keep ? null : 1);
  });
});
