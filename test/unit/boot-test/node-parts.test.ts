import { describe, expect, it } from 'vitest';
import { NodeParts } from '../../../src/boot-test/node-parts.ts';
import type { ProgressStage } from '../../../src/host/progress-stage.ts';

/** A stage that records the stages below it. */
function recording(path: string, seen: string[]): ProgressStage & { end(result: string): void } {
  return {
    stage: () => Promise.reject(new Error('not used')),
    note: (line) => seen.push(`${path}: ${line}`),
    begin: (title) => recording(`${path}/${title}`, seen),
    end: (result) => seen.push(`${path} ${result}`),
  };
}

describe('the progress of the nodes in a boot test', () => {
  it('is shown part by part, and a node ends with its own last check, not with the slowest node', () => {
    const seen: string[] = [];
    const parts = new NodeParts(recording('verify', seen));
    parts.next('master', 'boot');
    parts.next('slave', 'boot');
    parts.note('slave', 'login:');
    parts.next('master', 'ZooKeeper serves');
    parts.done('master');
    expect(seen).toEqual([
      'verify/slave/boot: login:',
      'verify/master/boot done',
      'verify/master/ZooKeeper serves done',
      'verify/master done',
    ]);
  });

  it('is shown as failed where it had not ended when one of the nodes failed', () => {
    const seen: string[] = [];
    const parts = new NodeParts(recording('verify', seen));
    parts.next('master', 'boot');
    parts.done('master');
    parts.next('slave', 'boot');
    parts.fail();
    expect(seen.slice(2)).toEqual(['verify/slave/boot failed', 'verify/slave failed']);
  });
});
