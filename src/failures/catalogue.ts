import { bootFailures } from './known/boot.ts';
import { guestFailures } from './known/guest.ts';
import { hostFailures } from './known/host.ts';
import { packageFailures } from './known/packages.ts';
import { serviceFailures } from './known/services.ts';
import { sourceFailures } from './known/sources.ts';
import type { KnownFailure } from './known-failure.ts';

/** All known failures. The first one whose sign is found counts, so the special ones are before the general ones. */
export const knownFailures: readonly KnownFailure[] = [
  ...hostFailures,
  ...sourceFailures,
  ...packageFailures,
  ...guestFailures,
  ...bootFailures,
  ...serviceFailures,
];
