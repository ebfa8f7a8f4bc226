import { describe, expect, test } from 'vitest';
import { plainView } from '../../../../src/cli/progress/plain-view.ts';
import { rootStage, type Stage } from '../../../../src/cli/progress/stage.ts';

/** Stages whose clock advances by a tenth of a second each time it is read. */
function plainStages(): { progress: Stage; text: () => string } {
  let written = '';
  let now = 0;
  const view = plainView((line) => (written += line));
  return { progress: rootStage({ view, now: () => (now += 100) }), text: () => written };
}

describe('progress without a terminal', () => {
  test('is a line when a stage begins and one with its seconds when it ends', async () => {
    const { progress, text } = plainStages();
    const result = await progress.stage('Bake', (bake) =>
      bake.stage('master', async (master) => {
        master.note('a line that would flood a log');
        return Promise.resolve(42);
      }),
    );
    expect(result).toBe(42);
    expect(text()).toBe('Bake\nBake  master\nBake  master  0.1 s\nBake  0.3 s\n');
  });

  test('reports which stage failed and rethrows its error', async () => {
    const { progress, text } = plainStages();
    const failing = progress.stage('Seal', () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('no space');
    expect(text()).toBe('Seal\nSeal  failed  0.1 s\n');
  });

  test('keeps parallel stages apart', async () => {
    const { progress, text } = plainStages();
    await progress.stage('Compose', (compose) =>
      Promise.all(['master', 'slave'].map((role) => compose.stage(role, () => Promise.resolve()))),
    );
    expect(text().split('\n').slice(0, 5)).toEqual([
      'Compose',
      'Compose  master',
      'Compose  slave',
      'Compose  master  0.2 s',
      'Compose  slave  0.2 s',
    ]);
  });
});
