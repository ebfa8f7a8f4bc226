import { renderFrom, type Templates } from './templates.ts';

/** What Packer needs to make an AMI of one version. */
export interface AmiSource {
  /** Whether this Packer (1.7 and later) requires its plugins to be declared; an older one can only boot by BIOS. */
  readonly plugins: boolean;
  readonly role: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly copyTo: readonly string[];
  /** Absolute path of the raw disk, packed with zstd. */
  readonly disk: string;
  /** Size in bytes and SHA-256 (hexadecimal) of the raw disk. */
  readonly diskBytes: number;
  readonly sha256: string;
  readonly volumeGiB: number;
  readonly attestable: boolean;
  readonly uefiData: string | undefined;
  /** ISO 8601. */
  readonly deprecateAt: string | undefined;
  /** Accounts, organizations and organizational units that may start the image. */
  readonly accounts: readonly string[];
  readonly organizations: readonly string[];
  readonly units: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Renders ROLE.pkr.hcl: an instance writes the disk onto a volume, of which Packer makes an image.
 * @throws IngotError wrong-template for a value that HCL or Packer would interpret differently
 */
export function renderAmi(templates: Templates, source: AmiSource): string {
  const { plugins, attestable, tags } = source;
  return renderFrom(templates, 'publish/ami.pkr.hcl.hbs', {
    ...source,
    uefiData: source.uefiData ?? '',
    deprecateAt: source.deprecateAt ?? '',
    requiredVersion: plugins ? '>= 1.7.0' : '>= 1.6.6, < 1.7.0',
    bootMode: attestable ? 'uefi' : 'uefi-preferred',
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
}
