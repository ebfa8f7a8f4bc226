import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsDouble } from '../../doubles/aws/aws-double.ts';
import { AmiLab, startDouble } from './ami-lab.ts';

const many = Array.from({ length: 30 }, (_, index) => index);
const putsOf = ({ asked }: { readonly asked: readonly string[] }) =>
  asked.filter((one) => one.startsWith('PutSnapshotBlock')).length;

/**
 * Publishes until AWS has 15 blocks and answers no more, then interrupts, as Ctrl-C does.
 * @returns a double with the same account that answers everything
 */
async function interruptedUpload(lab: AmiLab): Promise<AwsDouble> {
  const { account } = await startDouble({
    faults: [{ kind: 'stall', operation: 'PutSnapshotBlock', from: 16, times: 1000 }],
  });
  const stop = new AbortController();
  const done = lab.publish({}, {}, stop.signal).catch((error: unknown) => error);
  await expect
    .poll(() => [...account.snapshots.values()][0]?.blocks.size ?? 0, { interval: 2, timeout: 60_000 })
    .toBe(15);
  stop.abort(new Error('Ctrl-C'));
  expect(await done).toMatchObject({ message: 'Ctrl-C' });
  return startDouble({ account });
}

describe('an upload that was interrupted', () => {
  test('continues with the same snapshot, and sends only what AWS does not have', async () => {
    const lab = await AmiLab.open(many);
    const aws = await interruptedUpload(lab);
    const { upload } = await lab.publish();
    expect(upload?.blocks).toBe(30);
    // A block whose answer had not come when the work was stopped is sent again.
    expect(upload?.sentBlocks).toBeLessThan(30);
    expect(putsOf(aws)).toBeLessThan(30);
    expect(aws.account.snapshots.size).toBe(1);
    expect(aws.account.images.size).toBe(1);
    expect(await lab.states()).toEqual([]);
  });

  test('sends a block again if the state names another content', async () => {
    const lab = await AmiLab.open(many);
    await interruptedUpload(lab);
    const [name = ''] = await lab.states();
    const file = join(lab.stateFolder, name);
    const state = JSON.parse(await readFile(file, 'utf8')) as { blocks: Record<string, string> };
    const [index = ''] = Object.keys(state.blocks);
    state.blocks[index] = 'AAAA';
    await writeFile(file, JSON.stringify(state));
    const known = Object.keys(state.blocks).length;
    const { upload } = await lab.publish();
    expect(upload?.sentBlocks).toBe(30 - known + 1);
  });

  test('begins again if AWS has given the snapshot up, and removes that one', async () => {
    const lab = await AmiLab.open(many);
    const aws = await interruptedUpload(lab);
    const [old] = [...aws.account.snapshots.values()];
    if (old === undefined) throw new Error('there is no snapshot');
    old.state = 'error';
    const { upload } = await lab.publish();
    expect(upload?.sentBlocks).toBe(30);
    expect([...aws.account.snapshots.keys()]).not.toContain(old.id);
    expect(aws.account.snapshots.size).toBe(1);
  });

  test('is not continued with other options, and is removed by --discard', async () => {
    const lab = await AmiLab.open(many);
    const aws = await interruptedUpload(lab);
    await expect(lab.publish({ attestable: true })).rejects.toMatchObject({
      code: 'wrong-usage',
      hint: expect.stringContaining('--discard') as unknown,
    });
    expect(aws.account.snapshots.size).toBe(1);
    expect(await lab.discard()).toEqual([expect.stringMatching(/^removed eu-central-1 snap-/)]);
    expect(aws.account.isEmpty).toBe(true);
    expect(await lab.discard()).toEqual([expect.stringContaining('no upload of')]);
  });

  test('continues after its image was registered: the copies follow', async () => {
    const aws = await startDouble({
      faults: [{ kind: 'reset', operation: 'CopyImage', times: 2 }],
    });
    const lab = await AmiLab.open();
    await expect(lab.publish({ copyTo: ['us-east-1'] }, { attempts: 2 })).rejects.toMatchObject({
      code: 'publish-failed',
    });
    expect(aws.account.images.size).toBe(1);
    const puts = putsOf(aws);
    await lab.publish({ copyTo: ['us-east-1'] });
    expect(putsOf(aws)).toBe(puts);
    expect(aws.account.images.size).toBe(2);
    const tokens = new Set([...aws.account.images.values()].map(({ tags }) => tags.get('ingot:upload')));
    expect(tokens.size).toBe(1);
  });

  test('with a damaged state is refused with what finds its parts, and nothing is changed', async () => {
    const lab = await AmiLab.open(many);
    const aws = await interruptedUpload(lab);
    const [name = ''] = await lab.states();
    await writeFile(join(lab.stateFolder, name), '{"schema":1,');
    await expect(lab.publish()).rejects.toMatchObject({
      code: 'unusable-folder',
      hint: expect.stringContaining('ingot:upload') as unknown,
    });
    expect(aws.account.snapshots.size).toBe(1);
  });
});

describe('credentials', () => {
  test('that are wrong: nothing was made', async () => {
    const aws = await startDouble();
    const lab = await AmiLab.open();
    process.env['AWS_SECRET_ACCESS_KEY'] = 'a-secret-that-is-wrong';
    const error = await lab.publish().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'publish-failed',
      message: 'AWS, eu-central-1, DescribeImages: the credentials are missing or wrong',
    });
    expect(JSON.stringify(error)).not.toContain('a-secret-that-is-wrong');
    expect(aws.account.isEmpty).toBe(true);
    expect(await lab.states()).toEqual([]);
  });

  test('of a session that ends in the middle: with new ones the same command continues', async () => {
    const session = { id: 'ASIAEXAMPLE', secret: 'session-secret', sessionToken: 'first' };
    const aws = await startDouble({
      keys: [session],
      faults: [{ kind: 'expire', operation: 'PutSnapshotBlock', from: 16, times: 100 }],
    });
    const lab = await AmiLab.open(many);
    await expect(lab.publish()).rejects.toMatchObject({
      code: 'publish-failed',
      message: expect.stringContaining('PutSnapshotBlock: the credentials have expired') as unknown,
      hint: expect.stringContaining('run the same command again') as unknown,
    });
    const renewed = await startDouble({
      keys: [{ ...session, sessionToken: 'second' }],
      account: aws.account,
    });
    const { upload } = await lab.publish();
    expect(upload).toMatchObject({ blocks: 30 });
    expect(upload?.sentBlocks).toBeLessThan(30);
    expect(putsOf(renewed)).toBeLessThan(30);
    expect(aws.account.snapshots.size).toBe(1);
  });
});

test.each([
  [20 * 60_000, '20 minutes slow'],
  [-20 * 60_000, '20 minutes fast'],
])('a clock that is wrong by %i ms is named, and nothing is made', async (clockMs, text) => {
  const aws = await startDouble({ clockMs });
  const lab = await AmiLab.open();
  await expect(lab.publish()).rejects.toMatchObject({
    code: 'host-not-ready',
    message: expect.stringContaining(`the clock of this machine is ${text}`) as unknown,
    hint: expect.stringContaining('set the clock') as unknown,
  });
  expect(aws.account.isEmpty).toBe(true);
});

test('two publishers of the same image: the second one is refused at once', async () => {
  const aws = await startDouble({ latencyMs: 30 });
  const lab = await AmiLab.open(many);
  const first = lab.publish();
  await expect.poll(() => aws.asked.length, { interval: 2, timeout: 60_000 }).toBeGreaterThan(0);
  await expect(lab.publish()).rejects.toMatchObject({
    code: 'unusable-folder',
    message: expect.stringContaining('another process uploads the same image') as unknown,
  });
  await first;
  expect(aws.account.images.size).toBe(1);
});
