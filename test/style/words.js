// @ts-check
/**
 * @typedef {object} Rule A word or phrase that people should not have to read, and what to write in its place.
 * @property {RegExp} refuse global and without regard to case
 * @property {string} write
 */

/**
 * The words of plain English: what each rule refuses is a translation, old or ambiguous; `write` is what manuals say.
 * @type {readonly Rule[]}
 */
export const words = [
  { refuse: /\b(?:believe[sd]?|believing|believers?|belief)\b/gi, write: 'trust' },
  {
    refuse: /(?<!\bleft )(?<!\bleaves? )(?<!\bleave (?:it|them) )(?<!-)\balone\b/gi,
    write: 'only, by itself',
  },
  { refuse: /\b(?:lies|lying)\b|\blay\b(?! out)/gi, write: 'is, is in' },
  { refuse: /\bstands\b(?! (?:for|out|still)\b)/gi, write: 'is, is in, appears' },
  { refuse: /\bbeside\b/gi, write: 'next to, besides, as well as' },
  { refuse: /\btold\b|\b(?:says|tells) of\b/gi, write: 'reported, reports' },
  { refuse: /(?<!\bthere\s+)\b(?:is|are|was|were) none\b/gi, write: 'is not one' },
  { refuse: /(?<!\bthere\s+)\b(?:is|are|was|were) no (?!longer\b|more\b)/gi, write: 'is not a' },
  { refuse: /\botherwise than\b/gi, write: 'differs from' },
  { refuse: /\b(?:leave|leaves|leaving|left) (?:it |them )?away\b/gi, write: 'omit, remove' },
  { refuse: /\bto be had\b/gi, write: 'available' },
  {
    refuse:
      /\bask(?:s|ed|ing)? (?:(?:a|the|each|every|all) )?(?:node|fleet|machine)s?\b|\b(?:node|fleet|machine)s? (?:is|are|was|were) asked\b/gi,
    write: 'check, checked',
  },
  { refuse: /\banew\b|\bonce more\b/gi, write: 'again' },
  { refuse: /\bwhat nobody can leave out\b/gi, write: 'the theoretical minimum' },
  { refuse: /\bnothing is done twice\b/gi, write: 'incremental' },
  { refuse: /\b(?:un)?proven\b/gi, write: 'boot-tested, verified' },
  { refuse: /\bhouse\b|\brooms\b/gi, write: 'architecture, modules' },
  { refuse: /\b(?:do|does|did) not go together\b/gi, write: 'have conflicting dependencies' },
];

/**
 * Finds the refused words of a text.
 * @param {string} text what people read; anything else is blank, so that positions are those of the file
 * @returns {{ line: number, column: number, found: string, write: string }[]} in the order of the text; line and column
 *   count from 1
 */
export const refusedWords = (text) =>
  words
    .flatMap(({ refuse, write }) =>
      [...text.matchAll(refuse)].map((match) => ({ at: match.index, found: match[0].trim(), write })),
    )
    .sort((one, other) => one.at - other.at)
    .map(({ at, found, write }) => {
      const before = text.slice(0, at).split('\n');
      return { line: before.length, column: (before.at(-1) ?? '').length + 1, found, write };
    });
