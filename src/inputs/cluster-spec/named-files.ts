import { packageOrigins } from './origins.ts';
import type { Spec } from './schema.ts';

/** The files on the build host that a spec names, as written in it. */
export interface NamedFiles {
  /** Files whose text becomes a file on the node (`from`, update keys). */
  readonly texts: readonly string[];
  /** Files that must exist: .debs and keys. */
  readonly present: readonly string[];
}

/** Returns the files that the caller has to read or find before a plan can be made, relative to the spec's folder. */
export function namedFiles(spec: Spec): NamedFiles {
  const files = [spec.common, spec.master, spec.slave, spec.seed].flatMap((additions) => additions.files);
  const origins = packageOrigins(spec);
  const debs = origins.flatMap(({ deb }) => (deb === undefined || /^https?:/.test(deb) ? [] : [deb]));
  const keys = [...origins.map(({ source }) => source?.key), spec.mesos.key, spec.base.mirror?.key];
  return {
    texts: [
      ...new Set([
        ...files.flatMap(({ from }) => from ?? []),
        ...spec.updates.keys,
        ...spec.seed.keys,
        ...(spec.seed.tls === undefined ? [] : [spec.seed.tls.ca]),
      ]),
    ],
    present: [...new Set([...debs, ...keys.flatMap((key) => key ?? [])])],
  };
}
