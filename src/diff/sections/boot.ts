import type { FieldChange, RootDiff } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

const names: Readonly<Record<string, string>> = {
  rootHash: 'root hash',
  memoryMiB: 'memory to run without a disk, MiB',
  'boot.kernel.name': 'kernel',
  'boot.kernel.sha256': 'kernel, SHA-256',
  'boot.initrd.name': 'initrd',
  'boot.initrd.sha256': 'initrd, SHA-256',
  'compression.level': 'zstd level of the root',
};

/** Shortens digests; the versions themselves have them in full. */
const short = (value = ''): string => (/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 16) : value);

/** Kernel, initrd, root hash and kernel arguments. */
export function bootSection({ head, rootHash, memoryMiB, kernelArguments }: RootDiff): Section | undefined {
  const fields: FieldChange[] = [rootHash, memoryMiB, ...head].filter((one) => one !== undefined);
  const rows = [
    ...fields
      .filter(({ name }) => !/\.size$/.test(name))
      .map(({ name, before, after }) => [names[name] ?? name, short(before), short(after)]),
    ...kernelArguments.removed.map((one) => ['kernel argument', one, '']),
    ...kernelArguments.added.map((one) => ['kernel argument', '', one]),
  ];
  if (rows.length === 0) return undefined;
  return { title: 'Kernel and boot', table: { head: ['what', 'before', 'after'], rows } };
}
