import { describe, expect, it } from 'vitest';
import { readHead } from '../../../src/fleet/answer/read-answer.ts';
import { forEachParallel, queryNode } from '../../../src/fleet/query-node.ts';
import type { NodeQuery, SourceFailure } from '../../../src/fleet/sources/node-query.ts';
import { commonReason, nodeCommands, sshArguments } from '../../../src/fleet/sources/ssh.ts';
import { answerText, inPieces } from '../../samples/fleet.ts';

const node = {
  name: 'n1',
  role: undefined,
  source: { kind: 'ssh', host: 'n1', user: undefined, port: undefined, jump: undefined },
} as const;
const { signal } = new AbortController();

/** A node that gives these answers one after the other; the queries are counted. */
function giving(...turns: readonly { readonly text: string; readonly failure?: SourceFailure }[]) {
  const state = { asked: 0 };
  const ask: NodeQuery = async (_, read) => {
    const { text, failure } = turns[Math.min(state.asked, turns.length - 1)] ?? { text: '' };
    state.asked += 1;
    const value = await read(inPieces(text, 64));
    return { value, ...(failure === undefined ? {} : { failure }) };
  };
  return { ask, state };
}
const outcome = (ask: NodeQuery, retries = 2) =>
  queryNode(ask, node, readHead, { retries, pauseMs: 1, signal });
const refused: SourceFailure = { why: 'Connection refused', reached: false, again: true };
const denied: SourceFailure = { why: 'Permission denied (publickey).', reached: false, again: false };
const notFound: SourceFailure = { why: 'ingot-drift: command not found', reached: true, again: false };
const golden = answerText('golden');

describe('a node that is checked', () => {
  it('is tried again if it was not reached, at most as often as requested', async () => {
    const late = giving({ text: '', failure: refused }, { text: golden });
    expect(await outcome(late.ask)).toHaveProperty('head');
    const never = giving({ text: '', failure: refused });
    expect(await outcome(never.ask)).toEqual({ kind: 'unreachable', why: 'Connection refused' });
    expect([late.state.asked, never.state.asked]).toEqual([2, 3]);
  });

  it('is not tried again if that changes nothing', async () => {
    const { ask, state } = giving({ text: '', failure: denied });
    expect(await outcome(ask)).toEqual({ kind: 'unreachable', why: 'Permission denied (publickey).' });
    expect(state.asked).toBe(1);
  });

  it('is reached and cannot answer, or is cut off midway: not complete, which is different from unreachable', async () => {
    expect(await outcome(giving({ text: '', failure: notFound }).ask)).toEqual({
      kind: 'partial',
      why: 'ingot-drift: command not found',
    });
    const cut = giving({ text: golden.slice(0, 100), failure: { ...refused, why: 'no answer within 9 s' } });
    expect(await outcome(cut.ask)).toEqual({
      kind: 'partial',
      why: 'its first line is cut off: no answer within 9 s',
    });
    expect(await outcome(giving({ text: '' }).ask)).toEqual({ kind: 'partial', why: 'its answer is empty' });
  });
});

describe('ssh', () => {
  const options = { configFile: '/f', last: false, timeoutMs: 3000 };
  it('is called as the user would call it, without prompts, a shared connection or an agent', () => {
    const args = sshArguments({ ...node.source, user: 'ops', port: 2222, jump: 'b' }, options);
    for (const option of [
      'BatchMode=yes',
      'ControlMaster=no',
      'ConnectTimeout=3',
      'ForwardAgent=no',
      'ProxyJump=b',
    ])
      expect(args).toContain(option);
    expect(args.slice(0, 2)).toEqual(['-F', '/f']);
    expect(args.slice(args.indexOf('--'))).toEqual(['--', 'n1', ...nodeCommands.fresh]);
  });
  it('leaves to ssh_config what the inventory does not define', () => {
    const args = sshArguments(node.source, { ...options, configFile: undefined, last: true });
    for (const option of ['-F', '-p', '-l']) expect(args).not.toContain(option);
    expect(args.join(' ')).not.toContain('ProxyJump');
    expect(args.slice(args.indexOf('--'))).toEqual(['--', 'n1', ...nodeCommands.last]);
  });
});

describe('the message of ssh about a node that it does not reach', () => {
  it.each([
    ['ssh: connect to host 10.0.0.7 port 22: Connection refused', 'port 22: Connection refused'],
    [
      'ssh: Could not resolve hostname n1.dc: Name or service not known',
      'Could not resolve hostname: Name or service not known',
    ],
    ['ops@10.0.0.7: Permission denied (publickey).', 'Permission denied (publickey).'],
    ['Connection closed by 10.0.0.7 port 22', 'Connection closed'],
    ['Connection timed out during banner exchange', 'Connection timed out during banner exchange'],
    [
      'No ED25519 host key is known for n1.dc and you have requested strict checking.',
      'No ED25519 host key is known for … and you have requested strict checking.',
    ],
  ])('%s is reduced to a reason that is the same for many nodes', (line, reason) => {
    expect(commonReason(line, 'n1.dc')).toBe(reason);
  });
});

describe('many nodes', () => {
  it('are checked in parallel up to the limit, each once', async () => {
    const state = { now: 0, most: 0 };
    const seen: number[] = [];
    await forEachParallel(
      Array.from({ length: 50 }, (_, index) => index),
      7,
      async (one) => {
        state.now += 1;
        state.most = Math.max(state.most, state.now);
        await Promise.resolve();
        seen.push(one);
        state.now -= 1;
      },
    );
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(state.most).toBe(7);
  });
});
