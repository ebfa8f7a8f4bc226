import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

/** What is said of an image that is registered in a cloud. */
export interface CloudContext {
  /** The AMI's name: 3 to 128 letters, digits and hyphens. */
  readonly name: string;
  readonly description: string;
  /** Size in GiB of the volume that the disk fits into. */
  readonly volumeGiB: number;
}

/** Size in whole GiB of a volume for a disk of so many bytes. */
export function volumeGiB(diskBytes: number): number {
  return Math.ceil(diskBytes / 1024 ** 3);
}

/** The files of a version's cloud folder beside the disk: what the AWS command line is handed, and how. */
export function renderCloud(templates: Templates, context: CloudContext): readonly RenderedFile[] {
  return ['README.md', 'import-snapshot.json', 'register-image.json'].map((path) => ({
    path,
    content: renderFrom(templates, `cloud/${path}.hbs`, context),
  }));
}
