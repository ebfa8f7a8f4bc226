/** A package as a bill of materials lists it. */
export interface ListedPackage {
  readonly purl: string;
  /** SHA-256 of the .deb. */
  readonly sha256: string;
}

interface Listed {
  readonly components: readonly {
    readonly purl?: string;
    readonly hashes?: readonly { readonly content: string }[];
  }[];
}

/** The packages in the text of a bill of materials that bomText wrote. */
export function listedPackages(bom: string): ListedPackage[] {
  const { components } = JSON.parse(bom) as Listed;
  return components.flatMap(({ purl, hashes }) => {
    const sha256 = hashes?.[0]?.content;
    return purl === undefined || sha256 === undefined ? [] : [{ purl, sha256 }];
  });
}
