import type { Role } from '../inputs/plan/plan.ts';

/** The place of a node in the rehearsal's own network. */
export interface RehearsedPlace {
  /** As the report names the node: master-1, slave-2. */
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** Hardware address of its card on that network. */
  readonly mac: string;
}

/**
 * The maximum number of nodes of a role in a rehearsal, so that their addresses do not collide with those that drills
 * add.
 */
export const maxNodesOfRole = 9;

const network = '10.77.0';
/** The prefix length of that network. */
export const prefixLength = 24;

const place = (name: string, role: Role, host: number): RehearsedPlace => ({
  name,
  role,
  address: `${network}.${host}`,
  mac: `52:54:00:77:00:${host.toString(16).padStart(2, '0')}`,
});

/**
 * The masters of a cluster, in the order of the seed. No address is at the position that it would have in a sorted
 * list, so that an id by sorted order differs from the id by position.
 */
export function masterPlaces(count: number): RehearsedPlace[] {
  return Array.from({ length: count }, (_, index) =>
    place(`master-${index + 1}`, 'master', 11 + ((index + 1) % count)),
  );
}

export function slavePlaces(count: number): RehearsedPlace[] {
  return Array.from({ length: count }, (_, index) => place(`slave-${index + 1}`, 'slave', 31 + index));
}

/** The masters that are added when a cluster of `count` masters grows. */
export function addedMasters(count: number, added: number): RehearsedPlace[] {
  return Array.from({ length: added }, (_, index) =>
    place(`master-${count + index + 1}`, 'master', 11 + count + index),
  );
}

/** Every address that a node of a rehearsal can get, including machines that drills add. */
export function everyAddress(): string[] {
  const hosts = [
    5,
    ...Array.from({ length: 2 * maxNodesOfRole }, (_, index) => 11 + index),
    ...Array.from({ length: maxNodesOfRole }, (_, index) => 31 + index),
  ];
  return hosts.map((host) => `${network}.${host}`);
}

/** A new machine that replaces an old one; its address sorts before all others. */
export function replacementOf(old: RehearsedPlace): RehearsedPlace {
  return place(`${old.name}b`, old.role, 5);
}
