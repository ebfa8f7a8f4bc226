import type { Plan } from '../../inputs/plan/plan.ts';

/** The known fields of a value: true for all of it, a list with one element for each item of a list. */
type Known = true | readonly [Known] | { readonly [field: string]: Known };

// The notation of a path in the spec, and the note of check about it, are for people only.
// The bytes of a binary file are in the keys by their digest, which is part of the content; their place is not.
const binary = { from: true, sha256: true, size: true } as const;
const placedFile = { path: true, mode: true, content: true, binary, said: true, note: true } as const;

const origin = { name: true, git: true, ref: true, archive: true, sha256: true, folder: true } as const;
const fetchedLayer = { ...origin, commit: true, tree: true } as const;

const debconf = [{ package: true, question: true, type: true, value: true }] as const;

/**
 * The fields of a plan whose way into the keys is decided: by name in makeStages, through the lock, through rendered
 * texts, or not at all. A field that is not listed here goes into the key of every stage (see undecided).
 */
const known: Known = {
  // In the keys by name in makeStages, and through the texts rendered from them.
  ...{ cluster: true, layout: true, scheduler: true, targets: true, confirmMinutes: true, epoch: true },
  // The lock determines the packages and their sources.
  ...{ base: { distribution: true, suite: true, architecture: true, sources: true }, sharedPackages: true },
  // Not part of an image: the seed that nodes receive later, and the time limit of a step.
  ...{ masters: true, quorum: true, data: true, seed: true },
  // Layers are in the keys through their files; templates through the rendered texts; contributions are for people.
  siteLayers: [{ name: true, folder: true, role: true, replace: true, at: true }],
  // Where a layer was fetched from changes nothing while its files are the same.
  fetchedLayers: [fetchedLayer],
  ...{ templates: true, contributions: true },
  guest: { cpus: true, memoryMiB: true, timeoutMinutes: true },
  debconf,
  roles: [
    {
      // Through the lock.
      ...{ packages: true, debs: true },
      // Through the digests of the content of these folders.
      ...{ layers: true, steps: [{ name: true, folder: true }] },
      ...{ role: true, files: [placedFile], unitsOn: true, unitsMasked: true, kernelArguments: true },
      ...{ modules: true, debconf, setuid: [{ path: true, why: true }] },
      // The place in the spec is for people only.
      leaveOut: [{ path: true, why: true, at: true }],
      ...{ sysctls: true, checks: true, memoryMiB: true, compressionLevel: true },
    },
  ],
};

/** Returns the unknown part of a value; undefined if all of it is known. */
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
 * Returns the fields of a plan that no stage is known to use: name → JSON of the unknown part. They are an input of
 * every stage. So a new field can cause an unnecessary rebuild, but never make an outdated image look current.
 */
export function unassignedFields(plan: Plan): Readonly<Record<string, string>> {
  const rest = unknownIn(plan, known) as Readonly<Record<string, unknown>> | undefined;
  return Object.fromEntries(Object.entries(rest ?? {}).map(([name, left]) => [name, JSON.stringify(left)]));
}
