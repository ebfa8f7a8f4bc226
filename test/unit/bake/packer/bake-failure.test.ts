import { describe, expect, test } from 'vitest';
import { bakeFailure, isComplete } from '../../../../src/bake/packer/bake-failure.ts';
import { type BakeState, type BuildState, newBakeState } from '../../../../src/bake/packer/bake-state.ts';

const builds = ['qemu.master', 'qemu.slave'];
const good: Partial<BuildState> = { phase: 'done', artifacts: 1 };

function stateWith(master: Partial<BuildState>, slave: Partial<BuildState> = good): BakeState {
  const state = newBakeState(builds);
  const changed = (name: string, change: Partial<BuildState>) => ({
    ...(state.builds[name] as BuildState),
    ...change,
  });
  return {
    ...state,
    builds: { 'qemu.master': changed('qemu.master', master), 'qemu.slave': changed('qemu.slave', slave) },
  };
}

function errorOf(state: BakeState, consoles: Record<string, string[]> = {}, qemuLines: string[] = []) {
  return bakeFailure({
    state,
    runFolder: '/run',
    ended: { exitCode: 0, signal: undefined },
    consoles,
    qemuLines,
  });
}

const step = { name: '30-units', seconds: 2.25, exitCode: 3 };

describe('the error of a failed bake', () => {
  test('of an assert.sh shows the step, its output, the guest’s console and the place of the logs', () => {
    const failed = { ...step, script: 'assert.sh' } as const;
    const master = {
      failedStep: failed,
      stepLines: ['not there'],
      failure: 'exit status 1',
      bootBegunAt: 1,
      bootSeconds: 4,
    };
    const error = errorOf(stateWith(master), { 'qemu.master': ['login:'] });
    expect(error.code).toBe('step-failed');
    expect(error.message).toBe('master: step 30-units failed in assert.sh (exit 3) after 2.3 s: not there');
    expect(error.excerpt).toEqual([
      'master: last lines of step 30-units:',
      '  not there',
      "master: last lines of the guest's console:",
      '  login:',
    ]);
    expect(error.hint).toBe(
      'the logs are kept: /run/packer.log, /run/events.ndjson, /run/console-master.log',
    );
  });

  test('of a do.sh shows the step and its output', () => {
    const master = {
      failedStep: { ...step, script: 'do.sh' } as const,
      stepLines: ['no', '', 'ingot: step 30-units failed (exit 3) in do.sh'],
    };
    const error = errorOf(stateWith({ ...master, failure: 'x' }), { 'qemu.master': ['login:'] });
    expect(error.message).toBe('master: step 30-units failed in do.sh (exit 3) after 2.3 s: no');
    expect(error.excerpt.slice(0, 2)).toEqual(['master: last lines of step 30-units:', '  no']);
  });

  test("of a guest that does not answer over SSH shows its console and QEMU's messages", () => {
    const master: Partial<BuildState> = {
      phase: 'failed',
      bootBegunAt: 1,
      failure: 'Timeout waiting for SSH.',
    };
    const error = errorOf(stateWith(master), { 'qemu.master': ['Kernel panic'] }, ['no accelerator']);
    expect(error.code).toBe('command-failed');
    expect(error.message).toBe('master: the guest did not answer over SSH: Timeout waiting for SSH.');
    expect(error.excerpt).toContain('  Kernel panic');
    expect(error.excerpt).toContain('  no accelerator');
  });

  test('of both builds reports both', () => {
    const error = errorOf(stateWith({ failure: 'one' }, { failure: 'two', action: 'Copying' }));
    expect(error.message).toBe('master: one\nslave: after "Copying": two');
  });

  test('of a build that left nothing reports this, although Packer reported success', () => {
    const state = stateWith({ phase: 'done' });
    expect(isComplete(state)).toBe(false);
    expect(errorOf(state).message).toBe(
      'master: Packer ended with exit status 0 and left no artifact of this build',
    );
  });
});

test("shows Packer's messages about no build if no build reports a reason", () => {
  const errors = ['Error: no such thing'];
  expect(errorOf({ ...stateWith({}), errors }).excerpt).toEqual(['Packer:', '  Error: no such thing']);
  expect(errorOf({ ...stateWith({ failure: 'why' }), errors }).excerpt).toEqual([]);
});

test('a bake is complete when every build has left an artifact and none has failed', () => {
  expect(isComplete(stateWith(good))).toBe(true);
  expect(isComplete(stateWith({ ...good, failure: 'late' }))).toBe(false);
});
