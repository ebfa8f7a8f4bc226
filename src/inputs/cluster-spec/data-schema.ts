import { z } from 'zod';

/** The section `data` of cluster.yaml: the disk that holds the state of every node. It is part of the cluster seed. */
export const dataSchema = z
  .strictObject({
    label: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,16}$/)
      .meta({
        title: 'file system label',
        description:
          'the label of an ext4 file system, at most 16 letters, digits, points, underscores and hyphens',
        examples: ['cluster-data'],
      })
      .optional(),
    disk: z
      .string()
      .regex(/^\/dev\/(?!.*\.\.)[A-Za-z0-9/:._+@-]+$/)
      .meta({
        title: 'path of a disk',
        description: 'a disk or partition below /dev, by a name that every node has',
        examples: ['/dev/disk/by-path/pci-0000:00:05.0'],
      })
      .optional(),
    format: z
      .enum(['if-blank', 'never'])
      .default('never')
      .meta({ description: 'if-blank: create a file system if the disk is completely blank' }),
  })
  .optional()
  .meta({
    description: 'the disk for the data of every node, in the cluster seed: label; or disk and format',
    examples: [{ disk: '/dev/vdb', format: 'if-blank' }],
    oneOf: [{ required: ['label'] }, { required: ['disk'] }],
  });

/** A data disk as written in the spec. */
export type DataDisk = NonNullable<z.output<typeof dataSchema>>;
