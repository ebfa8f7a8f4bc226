import { IngotError } from '../host/ingot-error.ts';
import { allRoles, type Role } from '../inputs/roles.ts';
import { devFolder, devName } from '../store/dev-versions.ts';
import { latestName, latestVersion } from '../store/latest-version.ts';
import { findVersion, noImage } from '../store/require-version.ts';
import type { StoredVersion } from '../store/stored-version.ts';
import { refuseDevVersion } from '../version/dev-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import { type ChannelName, isChannelName } from './channel-names.ts';
import { type ChannelPointer } from './channel-pointer.ts';
import type { PromotedVersion } from './policy/check-promotion.ts';

async function promoted({ role, version, folder }: StoredVersion): Promise<PromotedVersion> {
  await refuseDevVersion(folder);
  const { rootHash } = await requireBootRecord(folder);
  return { role, version, folder, rootHash };
}

async function ofStore(out: string, role: Role, name: string): Promise<PromotedVersion> {
  const found = await findVersion(out, role, name);
  if (found !== undefined) return promoted(found);
  throw noImage({ out, role, version: name, hint: 'ingot list shows the versions of the store' });
}

async function ofPairs(text: string, out: string): Promise<PromotedVersion[]> {
  const found = new Map<Role, PromotedVersion>();
  for (const word of text.split(',')) {
    const [, name = '', version = ''] = /^\s*(\w+)=(\S+)\s*$/.exec(word) ?? [];
    const role = allRoles.find((one) => one === name);
    if (role === undefined || found.has(role))
      throw new IngotError({
        code: 'wrong-usage',
        message: `${word} is not ROLE=VERSION`,
        hint: 'name one version of each role, e.g. master=20261128-bd1db15a18e7,slave=20261128-ce720dbc9002',
      });
    found.set(role, await ofStore(out, role, version));
  }
  return [...found.values()];
}

/**
 * Finds the versions that a user names for a channel.
 * @param text the name of a version of the store, "latest" (of both roles), "master=X,slave=Y", or another channel,
 *   whose versions are meant
 * @param pointerOf reads what a channel points to
 * @throws IngotError no-image for a text that names no version of the store
 */
export async function namedForChannel(
  text: string,
  out: string,
  pointerOf: (channel: ChannelName) => Promise<ChannelPointer | undefined>,
): Promise<PromotedVersion[]> {
  if (isChannelName(text)) {
    const pointer = await pointerOf(text);
    const named = allRoles.flatMap((role) => {
      const one = pointer?.versions[role];
      return one === undefined ? [] : [{ role, version: one.version }];
    });
    if (named.length > 0) return Promise.all(named.map(({ role, version }) => ofStore(out, role, version)));
    throw noImage({
      out,
      because: `the channel ${text} names none`,
      hint: `name a version instead of ${text}`,
    });
  }
  for (const role of text === devName ? allRoles : []) await refuseDevVersion(devFolder(out, role));
  if (text.includes('=')) return ofPairs(text, out);
  const found = await Promise.all(
    allRoles.map((role) => (text === latestName ? latestVersion(out, role) : findVersion(out, role, text))),
  );
  const versions = found.filter((one) => one !== undefined);
  if (versions.length > 0) return Promise.all(versions.map(promoted));
  throw noImage({ out, version: text, hint: 'ingot list shows the versions of the store' });
}
