import { stanzaOf } from '../../inputs/lock/stanzas.ts';

/**
 * A licence's short name, with an optional exception: "GPL-2+", "GPL-3+ with Bison exception" (DEP-5, "License
 * specification").
 */
const shortName = /^[^\s,]+(?: with .+ exceptions?)?$/i;

/**
 * Parses the licences of a synopsis: "GPL-2+ or AFL-2.1, and Expat"; undefined if the text is not a synopsis but the
 * licence itself.
 */
function namesOf(synopsis: string): string[] | undefined {
  const names = synopsis
    .trim()
    .split(/,?[\s_]+(?:and|or)[\s_]+/i)
    .map((name) => name.replace(/\s+/g, ' '));
  return names.every((name) => shortName.test(name)) ? names : undefined;
}

/** The paragraphs of a machine-readable copyright file; undefined for any other text. */
function paragraphsOf(text: string) {
  const paragraphs = text
    .replace(/^\uFEFF/, '')
    .split(/\n[ \t]*\n/)
    .map((one) => stanzaOf(one.trimStart()));
  const [head] = paragraphs;
  const format = head?.field('Format') ?? head?.field('Format-Specification');
  return format === undefined ? undefined : paragraphs;
}

/** The licences that a copyright file states. Names are sorted and unique. */
export interface NamedLicences {
  /** Short names of DEP-5. */
  readonly short: readonly string[];
  /** Names of texts in /usr/share/common-licenses. They do not show whether "or later" is allowed. */
  readonly texts: readonly string[];
  /** Whether the list is complete, that is, the file has no licence that only people can understand. */
  readonly complete: boolean;
}

/**
 * Reads the licences that a Debian copyright file names: those of its files if it is machine-readable (DEP-5,
 * copyright-format 1.0), otherwise the texts of /usr/share/common-licenses that it refers to.
 */
export function licencesIn(copyright: string): NamedLicences {
  const paragraphs = paragraphsOf(copyright);
  if (paragraphs === undefined) {
    const found = [...copyright.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9.+-]*[A-Za-z0-9+])/g)];
    return {
      short: [],
      texts: sorted(found.flatMap(([, name]) => name ?? [])),
      complete: found.length > 0,
    };
  }
  // A paragraph without files is the text of a licence that other paragraphs name.
  const ofFiles = paragraphs.filter((one, index) => index === 0 || one.field('Files') !== undefined);
  const names = ofFiles.flatMap((one) => one.field('License') ?? []).map(namesOf);
  return {
    short: sorted(names.flatMap((some) => some ?? [])),
    texts: [],
    complete: names.length > 0 && !names.includes(undefined),
  };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
