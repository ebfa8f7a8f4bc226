import { IngotError } from '../host/ingot-error.ts';

/** A repository of a registry, and what is named in it. */
export interface RegistryAddress {
  /** Host, and the port if one was named; as Docker's configuration names it. */
  readonly host: string;
  /** Without encryption: only `oci+http://`. */
  readonly plain: boolean;
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
}

/** What an address begins with. */
export const registrySchemes = { encrypted: 'oci', plain: 'oci+http' } as const;

// OCI distribution specification v1.1, "Pulling manifests".
const repositoryForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const hostForm = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Whether a text is a digest of a registry: `sha256:` and 64 hexadecimal digits. */
export const isDigest = (text: string): boolean => digestForm.test(text);

const withoutLogin = (address: string): string => address.replace(/\/\/[^/@]*@/, '//***@');

function wrong(address: string, why: string): IngotError {
  return new IngotError({
    code: 'wrong-usage',
    message: `${withoutLogin(address)} is not the address of a repository in a registry: ${why}`,
    hint: 'write oci://HOST[:PORT]/REPOSITORY[:TAG], e.g. oci://registry.example/ingot/demo:stable',
  });
}

/** Whether a text begins like the address of a registry. */
export function isRegistryAddress(text: string): boolean {
  return Object.values(registrySchemes).some((scheme) => text.startsWith(`${scheme}://`));
}

/**
 * Parses `oci://HOST[:PORT]/REPOSITORY[:TAG][@sha256:…]`; `oci+http://` is the same without encryption.
 * @throws IngotError wrong-usage for any other text; it never shows a login
 */
export function parseRegistryAddress(address: string): RegistryAddress {
  const [, scheme = '', rest = ''] = /^(oci(?:\+http)?):\/\/(.*)$/s.exec(address) ?? [];
  if (scheme === '') throw wrong(address, 'it does not begin with oci://');
  const slash = rest.indexOf('/');
  const host = slash < 0 ? rest : rest.slice(0, slash);
  if (host.includes('@'))
    throw wrong(address, 'a login belongs into the Docker configuration (docker login)');
  if (!hostForm.test(host)) throw wrong(address, 'its host is not a name or an address with a port');
  const path = slash < 0 ? '' : rest.slice(slash + 1);
  const [named = '', digest, ...more] = path.split('@');
  const colon = named.lastIndexOf(':');
  const repository = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (!repositoryForm.test(repository))
    throw wrong(address, 'its repository is not lower-case words between /');
  if (tag !== undefined && !tagForm.test(tag))
    throw wrong(address, 'its tag is not letters, digits, ., _ and -');
  if (more.length > 0 || (digest !== undefined && !isDigest(digest)))
    throw wrong(address, 'its digest is not sha256: and 64 hexadecimal digits');
  return { host, plain: scheme === registrySchemes.plain, repository, tag, digest };
}

/** The text of an address; parseRegistryAddress returns the same address for it. */
export function registryAddressText({ host, plain, repository, tag, digest }: RegistryAddress): string {
  const scheme = plain ? registrySchemes.plain : registrySchemes.encrypted;
  const named = tag === undefined ? '' : `:${tag}`;
  return `${scheme}://${host}/${repository}${named}${digest === undefined ? '' : `@${digest}`}`;
}
