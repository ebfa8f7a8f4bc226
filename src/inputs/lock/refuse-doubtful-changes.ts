import { IngotError } from '../../host/ingot-error.ts';
import { localSource, type Lock, packagesOf } from './lock.ts';
import { changesBetween, downgrades } from './lock-diff.ts';

/**
 * Refuses changes that no honest source makes: an older version than the locked one, or different bytes under the same
 * version. Packages that the user has named are accepted, and so are the spec's own .debs.
 * @throws IngotError untrusted-source that names each package and its versions
 */
export function refuseDoubtfulChanges(before: Lock, now: Lock, accepted: readonly string[]): void {
  const local = new Set(
    packagesOf(now).flatMap(({ name, source }) => (source === localSource ? [name] : [])),
  );
  const isAccepted = ({ name }: { readonly name: string }) => accepted.includes(name) || local.has(name);
  const older = downgrades(before, now).filter((change) => !isAccepted(change));
  const otherBytes = changesBetween(before, now).filter((change) => change.otherBytes && !isAccepted(change));
  if (older.length + otherBytes.length === 0) return;
  const names = [...new Set([...older, ...otherBytes].map(({ name }) => name))];
  throw new IngotError({
    code: 'untrusted-source',
    message: 'the sources offer changes that the lock should not follow:',
    excerpt: [
      ...older.map((one) => `${one.name} ${one.now ?? ''} is older than the locked ${one.old ?? ''}`),
      ...otherBytes.map(
        (one) => `${one.name} ${one.now ?? ''} has other bytes than the locked one of this version`,
      ),
    ],
    hint: `an outdated or manipulated mirror; if the change is intended: ingot lock SPEC --update ${names.join(' ')}`,
  });
}
