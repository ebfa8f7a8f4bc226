import type { FoundSource } from './apt/apt-sources.ts';
import { packageOrigins } from './cluster-spec/origins.ts';
import type { Spec } from './cluster-spec/schema.ts';
import { type Credentials, credentialsOf } from './url/credentials.ts';

/** Returns the credentials in the URLs of a spec and of this machine's sources, each once. */
export function credentialsIn(spec: Spec, aptSources: readonly FoundSource[]): Credentials[] {
  const origins = packageOrigins(spec).flatMap(({ deb, source }) => [deb, source?.url]);
  const urls = [
    ...origins,
    spec.mesos.mirror,
    spec.base.mirror?.url,
    ...aptSources.flatMap(({ uris }) => uris),
  ];
  const found = urls.flatMap((url) => (url === undefined ? [] : (credentialsOf(url) ?? [])));
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}
