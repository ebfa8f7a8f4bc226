import { describe, expect, test, vi } from 'vitest';
import { logGroups } from '../../../../src/cli/progress/log-groups.ts';
import { plainView } from '../../../../src/cli/progress/plain-view.ts';
import { rootStage } from '../../../../src/cli/progress/stage.ts';

const outline = { stages: [{ title: 'compose' }, { title: 'bake' }] };

async function logOf(env: Record<string, string>, fails = false): Promise<string> {
  let text = '';
  let now = 1_700_000_000_000;
  const view = plainView((line) => (text += line), { groups: logGroups(env), now: () => now });
  const progress = rootStage({ view, now: () => now });
  view.outlines?.(outline);
  await progress
    .stage('compose', async (compose) => {
      await compose.stage('master', () => Promise.resolve((now += 2000)));
      if (fails) throw new Error('no');
    })
    .catch(() => undefined);
  progress.begin('no /dev/kvm here').end('done');
  await progress.stage('bake', () => Promise.resolve());
  view.close();
  return text;
}

describe('the log of a CI service', () => {
  test('of GitHub Actions has a group for each stage of the bake, and announcements outside of them', async () => {
    expect(await logOf({ GITHUB_ACTIONS: 'true' })).toBe(
      [
        '::group::compose',
        'compose',
        'compose  master',
        'compose  master  2.0 s',
        'compose  2.0 s',
        '::endgroup::',
        'no /dev/kvm here',
        'no /dev/kvm here  0.0 s',
        '::group::bake',
        'bake',
        'bake  0.0 s',
        '::endgroup::',
        '',
      ].join('\n'),
    );
  });

  test('of GitLab has sections, with a name that GitLab accepts and the seconds since 1970', async () => {
    const text = await logOf({ GITLAB_CI: 'true' });
    expect(text).toContain('\x1b[0Ksection_start:1700000000:ingot_compose\r\x1b[0Kcompose\n');
    expect(text).toContain('\x1b[0Ksection_end:1700000002:ingot_compose\r\x1b[0K\n');
  });

  test('ends the group of a stage that fails, so that the error is not folded away', async () => {
    const text = await logOf({ GITHUB_ACTIONS: 'true' }, true);
    expect(text).toMatch(/compose {2}failed {2}2\.0 s\n::endgroup::\n/);
    expect(text.match(/::group::/g)?.length).toBe(text.match(/::endgroup::/g)?.length);
  });

  test('of any other service has no marks', async () => {
    expect(await logOf({ CI: 'true' })).not.toMatch(/::|\x1b/);
  });

  test('says each minute what still runs, because some services end a job that prints nothing', async () => {
    vi.useFakeTimers();
    try {
      let text = '';
      const now = () => Date.now();
      const view = plainView((line) => (text += line), { now });
      await view.open();
      const stage = rootStage({ view, now }).begin('verify').begin('master');
      stage.note('Reached target');
      await vi.advanceTimersByTimeAsync(125_000);
      stage.end('done');
      view.close();
      await vi.advanceTimersByTimeAsync(300_000);
      expect(text.match(/.*still runs.*/g)).toEqual([
        'verify  master  still runs, 1 min 00 s: Reached target',
        'verify  master  still runs, 2 min 00 s: Reached target',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});
