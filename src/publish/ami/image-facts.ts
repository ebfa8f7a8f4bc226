import type { Tag } from '@aws-sdk/client-ec2';
import type { Role } from '../../inputs/plan/plan.ts';

/** Everything that an upload is asked for. */
export interface AmiRequest {
  readonly role: Role;
  readonly version: string;
  /** dm-verity root hash, hexadecimal. */
  readonly rootHash: string;
  /** Name of the image, unique in an account and region. */
  readonly name: string;
  /** Where the snapshot is made. */
  readonly region: string;
  /** Where the image is copied to. */
  readonly copyTo: readonly string[];
  /** The minutes within which AWS has to end each copy, in steps of 15; undefined for as fast as it can. */
  readonly copyWithinMinutes: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Accounts (12 digits) and ARNs of organizations or organizational units that may start the image. */
  readonly share: readonly string[];
  /** When the image counts as deprecated, in seconds after it was registered. */
  readonly deprecateAfterSeconds: number | undefined;
  /** UEFI only, with a NitroTPM: an instance can prove what it booted. */
  readonly attestable: boolean;
  /** The UEFI variables of the image, Base64 (uefivars); only with attestable. */
  readonly uefiData: string | undefined;
}

/** The tag that every part of an upload has until it is finished, and after. */
export const uploadTag = 'ingot:upload';

/** The description of an image and of its snapshots. */
export const descriptionOf = ({ role, rootHash }: AmiRequest): string =>
  `${role} node of a Mesos cluster, root hash ${rootHash}`;

/** The tags of an image; those of the user cannot replace ingot's own. */
export function ownTags({ name, role, version, rootHash, tags }: AmiRequest): Record<string, string> {
  return {
    Name: name,
    ...tags,
    'ingot:role': role,
    'ingot:version': version,
    'ingot:root-hash': rootHash,
  };
}

/** The tags of an image and of its snapshots, with that of the upload. */
export function tagsOf(request: AmiRequest, token: string): Tag[] {
  const all = { ...ownTags(request), [uploadTag]: token };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

/** Those who may start an image, by what they are. */
export const sharedWith = ({ share }: Pick<AmiRequest, 'share'>) => ({
  accounts: share.filter((who) => /^\d{12}$/.test(who)),
  organizations: share.filter((who) => who.includes(':organization/')),
  units: share.filter((who) => who.includes(':ou/')),
});

/** What an upload is, as one text: another one cannot continue it. */
export const fingerprintOf = (request: AmiRequest): string => JSON.stringify(request);

/** The size of the volume in GiB: at least one, and whole. */
export const volumeGiBOf = (diskBytes: number): number => Math.max(1, Math.ceil(diskBytes / 1024 ** 3));
