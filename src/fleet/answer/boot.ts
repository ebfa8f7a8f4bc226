import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const slotName = z.enum(['a', 'b']);
const slot = z.union([
  z.object({
    version: z.string().max(255),
    rootHash: z.string().max(64),
    signed: z.boolean(),
    proven: z.boolean(),
  }),
  z.object({ updating: z.literal(true) }),
]);

/** The boot partition in the head of an answer (docs/drift.md). */
export const bootSchema = z.object({
  esp: z.string().max(64),
  slot: z.string().max(16),
  next: slotName.nullable(),
  loader: digest.nullable(),
  slots: z.partialRecord(slotName, slot.nullable()),
});

/**
 * The content of a node's boot partition. `esp`: its file system's id; `slot`: the running slot; `next`: the slot that
 * boots next; `loader`: a digest of GRUB's programs.
 */
export type BootPartition = z.output<typeof bootSchema>;

/** A version in a slot. */
export interface SlotVersion {
  readonly slot: 'a' | 'b';
  readonly version: string;
  readonly rootHash: string;
}

/** The complete versions in the slots that are not running. */
export function otherSlots({ slots, slot: running }: BootPartition): SlotVersion[] {
  return slotName.options.flatMap((name) => {
    const found = slots[name];
    return name === running || found === undefined || found === null || 'updating' in found
      ? []
      : [{ slot: name, version: found.version, rootHash: found.rootHash }];
  });
}
