import { describe, expect, test } from 'vitest';
import type { FaultKind } from '../../doubles/aws/faults.ts';
import { AmiLab, startDouble } from './ami-lab.ts';

const everything = {
  copyTo: ['us-east-1'],
  share: ['222222222222'],
  deprecateAfterSeconds: 86_400,
};
/** Every operation of an upload, in the order of their first use. */
const operations = [
  ...['DescribeImages', 'StartSnapshot', 'PutSnapshotBlock', 'CompleteSnapshot', 'DescribeSnapshots'],
  ...[
    'RegisterImage',
    'ModifyImageAttribute',
    'ModifySnapshotAttribute',
    'EnableImageDeprecation',
    'CopyImage',
  ],
];

describe.each<FaultKind>(['throttle', 'error', 'reset', 'cut'])('a request that fails once: %s', (kind) => {
  test.each(operations)('%s is sent again, and nothing exists twice', async (operation) => {
    const aws = await startDouble({ faults: [{ kind, operation }] });
    const lab = await AmiLab.open();
    await lab.publish(everything);
    expect([...aws.account.images.values()].map(({ region }) => region).sort()).toEqual([
      'eu-central-1',
      'us-east-1',
    ]);
    expect(aws.account.snapshots.size).toBe(2);
    expect(await lab.states()).toEqual([]);
  });
});

describe('what AWS refuses', () => {
  test.each(operations)('%s: everything that was made is removed, in every region', async (operation) => {
    const aws = await startDouble({ faults: [{ kind: 'deny', operation }] });
    const lab = await AmiLab.open();
    await expect(lab.publish(everything)).rejects.toMatchObject({
      code: 'publish-failed',
      message: expect.stringContaining(`${operation}: these credentials may not do this`) as unknown,
      hint: expect.stringMatching(new RegExp(`allow e(bs|c2):${operation}`)) as unknown,
    });
    expect(aws.account.isEmpty).toBe(true);
    expect(await lab.states()).toEqual([]);
  });

  test('the error says what was removed', async () => {
    await startDouble({ faults: [{ kind: 'deny', operation: 'CopyImage' }] });
    const lab = await AmiLab.open();
    await expect(lab.publish(everything)).rejects.toMatchObject({
      excerpt: expect.arrayContaining([
        expect.stringMatching(/^removed from the account: eu-central-1 ami-\w+, eu-central-1 snap-\w+$/),
      ]) as unknown,
    });
  });

  test('what cannot be removed is named, and the next try of removing it finds it', async () => {
    const aws = await startDouble({
      faults: [
        { kind: 'deny', operation: 'CopyImage' },
        { kind: 'deny', operation: 'DeleteSnapshot' },
      ],
    });
    const lab = await AmiLab.open();
    await expect(lab.publish(everything)).rejects.toMatchObject({
      excerpt: expect.arrayContaining([
        expect.stringMatching(/^NOT removed: eu-central-1 snap-\w+: .*DeleteSnapshot/),
      ]) as unknown,
      hint: expect.stringContaining('--discard') as unknown,
    });
    expect(aws.account.snapshots.size).toBe(1);
    expect(await lab.discard(everything)).toEqual([expect.stringMatching(/^removed eu-central-1 snap-/)]);
    expect(aws.account.isEmpty).toBe(true);
    expect(await lab.states()).toEqual([]);
  });
});

describe('wrong data', () => {
  test('a block that is damaged on its way is sent again', async () => {
    const aws = await startDouble({ faults: [{ kind: 'damage', operation: 'PutSnapshotBlock', from: 3 }] });
    const lab = await AmiLab.open();
    const { upload } = await lab.publish();
    expect(upload).toMatchObject({ blocks: 5, repeats: 1 });
    expect(lab.notes.some((line) => /^block \d+ is sent again: ValidationException/.test(line))).toBe(true);
    expect([...aws.account.snapshots.values()][0]?.state).toBe('completed');
  });

  test('a block that AWS stores wrong: the checksum of all blocks is refused, and nothing is registered', async () => {
    const aws = await startDouble({
      faults: [{ kind: 'store-wrong', operation: 'PutSnapshotBlock', from: 3 }],
    });
    const lab = await AmiLab.open();
    await expect(lab.publish()).rejects.toMatchObject({
      code: 'publish-failed',
      message: 'AWS, eu-central-1, CompleteSnapshot: refused',
      excerpt: expect.arrayContaining([expect.stringContaining('checksum of all blocks')]) as unknown,
    });
    expect(aws.account.isEmpty).toBe(true);
  });
});

describe('a service that is slow or limited', () => {
  test('a connection that stalls is given up after its time limit, and the block is sent again', async () => {
    await startDouble({ faults: [{ kind: 'stall', operation: 'PutSnapshotBlock', from: 2, times: 2 }] });
    const lab = await AmiLab.open();
    const { upload } = await lab.publish({}, { attemptMs: 600, attempts: 50 });
    expect(upload?.repeats).toBeGreaterThanOrEqual(2);
  });

  test('one that answers nothing any more ends the work, and the same command continues', async () => {
    const aws = await startDouble({
      faults: [{ kind: 'reset', operation: 'PutSnapshotBlock', from: 3, times: 15 }],
    });
    const lab = await AmiLab.open();
    await expect(lab.publish({}, { attempts: 3 })).rejects.toMatchObject({
      code: 'publish-failed',
      message: expect.stringContaining('no usable answer') as unknown,
      hint: expect.stringContaining('run the same command again') as unknown,
    });
    expect(await lab.states()).toHaveLength(1);
    await lab.publish({}, { attempts: 20 });
    expect(aws.asked.filter((one) => one.startsWith('StartSnapshot'))).toHaveLength(1);
    expect(aws.account.images.size).toBe(1);
  });

  test('a snapshot that AWS does not know at first is waited for', async () => {
    await startDouble({ unknownMs: 300 });
    const lab = await AmiLab.open();
    const { upload } = await lab.publish();
    expect(upload?.repeats).toBeGreaterThan(0);
  });

  test('one that stays unknown is not waited for without end, and the same command continues', async () => {
    await startDouble({ unknownMs: 60_000 });
    const lab = await AmiLab.open();
    await expect(lab.publish({}, { unknownSnapshotMs: 100 })).rejects.toMatchObject({
      excerpt: [expect.stringContaining('does not exist')],
      hint: expect.stringContaining('run the same command again') as unknown,
    });
  });

  test('more copies than a region makes at once wait for their turn', async () => {
    const aws = await startDouble({ copyMs: 200 });
    const lab = await AmiLab.open();
    const first = await lab.publish();
    const [image] = [...aws.account.images.values()];
    if (image === undefined) throw new Error('there is no image');
    // Others of the account fill the region.
    for (let copy = 0; copy < 20; copy += 1) {
      const id = aws.account.id('ami');
      const availableFrom = Date.now() + 200;
      const clientToken = `other-${copy}`;
      aws.account.images.set(id, {
        ...{ ...image, id, region: 'us-east-1', name: `other ${copy}`, state: 'pending' },
        ...{ availableFrom, clientToken, tags: new Map(), launchPermissions: [] },
      });
    }
    const { images } = await lab.publish({ copyTo: ['us-east-1'] });
    expect(images[0]).toEqual(first.images[0]);
    expect(lab.notes.some((line) => line.startsWith('waits for other copies'))).toBe(true);
  });
});
