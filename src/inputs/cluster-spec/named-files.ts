import { packageOrigins } from './origins.ts';
import type { Spec } from './schema.ts';

/** The files on the build host that a spec names, as written in it. */
export interface NamedFiles {
  /** Files and folders that are put onto nodes: `from` of the sections common, master and slave. */
  readonly placed: readonly string[];
  /** Files whose text is needed: keys, the CA, files of the seed. */
  readonly texts: readonly string[];
  /** Files that must exist: .debs and keys. */
  readonly present: readonly string[];
}

/** Returns the files that the caller has to read or find before a plan can be made, relative to the spec's folder. */
export function namedFiles(spec: Spec): NamedFiles {
  const sections = [spec.common, spec.master, spec.slave];
  const origins = packageOrigins(spec);
  const debs = origins.flatMap(({ deb }) => (deb === undefined || /^https?:/.test(deb) ? [] : [deb]));
  const keys = [...origins.map(({ source }) => source?.key), spec.mesos.key, spec.base.mirror?.key];
  return {
    placed: [...new Set(sections.flatMap(({ files }) => files.flatMap(({ from }) => from ?? [])))],
    texts: [
      ...new Set([
        ...spec.seed.files.flatMap(({ from }) => from ?? []),
        ...spec.updates.keys,
        ...spec.seed.keys,
        ...(spec.seed.tls === undefined ? [] : [spec.seed.tls.ca]),
      ]),
    ],
    present: [...new Set([...debs, ...keys.flatMap((key) => key ?? [])])],
  };
}
