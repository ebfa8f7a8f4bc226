import { expect, it } from 'vitest';
import { quietView } from '../../../src/cli/progress/quiet-view.ts';
import { rootStage } from '../../../src/cli/progress/stage.ts';
import { failureNotes, noteStages, withLogs } from '../../../src/host/failure-notes.ts';

it('an error has the stages in which it happened, also below an error that it caused', async () => {
  const root = rootStage({ view: quietView, now: () => 0 });
  const error = new Error('x');
  const work = root.stage('seal', (seal) => seal.stage('slave', () => Promise.reject(error)));
  await expect(work).rejects.toBe(error);
  expect(failureNotes(error)).toEqual({ stages: ['seal', 'slave'] });
  expect(failureNotes(new Error('y', { cause: error })).stages).toEqual(['seal', 'slave']);
});

it('a part that was stopped because of the error does not change where it happened', () => {
  const error = new Error('x');
  noteStages(error, ['compose', 'slave']);
  noteStages(error, ['compose', 'master']);
  expect(failureNotes(error).stages).toEqual(['compose', 'slave']);
});

it('the logs are those of the run that the error ended; what is not an object has none', () => {
  const error = new Error('x');
  expect(withLogs(error, '/out/runs/a/logs')).toBe(error);
  expect(failureNotes(error)).toEqual({ stages: [], logs: '/out/runs/a/logs' });
  expect(failureNotes('text')).toEqual({ stages: [] });
  withLogs(undefined, '/x');
  expect(failureNotes(undefined)).toEqual({ stages: [] });
});
