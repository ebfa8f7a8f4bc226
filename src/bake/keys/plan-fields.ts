import type { Plan } from '../../inputs/plan/plan.ts';

/** Which fields of a value are known: true for all of it, a list of one for each item of a list. */
type Known = true | readonly [Known] | { readonly [field: string]: Known };

// How the spec wrote a path, and what check says of it, are for people.
const placedFile = { path: true, mode: true, content: true, said: true, note: true } as const;

const debconf = [{ package: true, question: true, type: true, value: true }] as const;

/**
 * The fields of a plan of which it is decided how they reach the keys: a name in makeStages, the lock, what is rendered, or not at all.
 * A field that is not here goes into the key of every stage (see undecided).
 */
const known: Known = {
  // Into the keys by name in makeStages, and by what is rendered of them.
  ...{ cluster: true, layout: true, scheduler: true, targets: true, confirmMinutes: true, epoch: true },
  // The lock says of which packages, from which sources.
  ...{ base: { distribution: true, suite: true, architecture: true, sources: true }, sharedPackages: true },
  // No part of an image: the seed that nodes are given later, and how long a step may take.
  ...{ masters: true, quorum: true, data: true, seed: true },
  guest: { cpus: true, memoryMiB: true, timeoutMinutes: true },
  debconf,
  roles: [
    {
      // By the lock.
      ...{ packages: true, debs: true },
      // By the digests of what is in these folders.
      ...{ layers: true, steps: [{ name: true, folder: true }] },
      ...{ role: true, files: [placedFile], unitsOn: true, unitsMasked: true, kernelArguments: true },
      ...{ modules: true, debconf, setuid: [{ path: true, why: true }] },
      // Where the spec says it is for people.
      leaveOut: [{ path: true, why: true, at: true }],
      ...{ sysctls: true, checks: true, memoryMiB: true, compressionLevel: true },
    },
  ],
};

/** What of a value is not known; undefined where all is. */
function unknownIn(value: unknown, fields: Known | undefined): unknown {
  if (fields === undefined) return value;
  if (fields === true || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const [ofItem] = fields as readonly [Known];
    const items = value.map((one: unknown) => unknownIn(one, ofItem));
    return items.every((one) => one === undefined) ? undefined : items;
  }
  const rest = Object.entries(value).flatMap(([name, one]) => {
    const left = unknownIn(one, (fields as Readonly<Record<string, Known>>)[name]);
    return left === undefined ? [] : [[name, left] as const];
  });
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/**
 * The fields of a plan that no stage is known to use: name → JSON of what is not known of it. They count for every stage, so that one that
 * is new in the plan can make a bake too long, and never an old image pass as a new one.
 */
export function undecided(plan: Plan): Readonly<Record<string, string>> {
  const rest = unknownIn(plan, known) as Readonly<Record<string, unknown>> | undefined;
  return Object.fromEntries(Object.entries(rest ?? {}).map(([name, left]) => [name, JSON.stringify(left)]));
}
