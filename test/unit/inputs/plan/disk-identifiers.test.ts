import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskIdentifiers } from '../../../../src/inputs/plan/disk-identifiers.ts';

const digest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const uuidV5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the identifiers of a disk', () => {
  it('are the same for the same image and all different for another one', () => {
    fc.assert(
      fc.property(digest, digest, (one, other) => {
        fc.pre(one !== other);
        expect(diskIdentifiers(one)).toEqual(diskIdentifiers(one));
        const values = [one, other].flatMap((each): string[] => Object.values({ ...diskIdentifiers(each) }));
        expect(new Set(values).size).toBe(values.length);
      }),
    );
  });

  it('are UUIDs of version 5, and a FAT volume id in the forms of mkfs and GRUB', () => {
    fc.assert(
      fc.property(digest, (manifest) => {
        const { fatVolumeId, fatUuid, ...uuids } = diskIdentifiers(manifest);
        for (const uuid of Object.values(uuids)) expect(uuid).toMatch(uuidV5);
        expect(fatVolumeId).toMatch(/^[0-9A-F]{8}$/);
        expect(fatUuid.replace('-', '')).toBe(fatVolumeId);
      }),
    );
  });
});
