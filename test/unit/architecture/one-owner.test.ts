import { describe, expect, it, test } from 'vitest';
import { parseSource, sourceFiles, type WrittenTexts, writtenTexts } from '../../samples/sources.ts';

const sources = sourceFiles('src', 'bench').map((file) => ({ path: file.path, texts: writtenTexts(file) }));

/** A word as a path or part of a path; a sentence that mentions it does not count. */
const asPath = (word: string, text: string): boolean => !/\s/.test(text) && text.split('/').includes(word);

/** The message that a store has no image, in today's words or in another order. */
const missingImage =
  /\bno (?:\S+ )?…?(?:image|version)\S* in |\bstore \S+ has no (?:image|version)\b|\bholds none\b/;

const version = '20261122-0123456789ab';
/**
 * Text that resembles the name of a version but is not one: a pattern that also matches this does not search for
 * versions.
 */
const others = ['20261122-0123456789az', 'z'.repeat(version.length)];

function looksForVersions(pattern: string): boolean {
  if (/\[0-9a-f\]\{12\}|\\d\{8\}\)?-/.test(pattern)) return true;
  const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(pattern) ?? [];
  const expression = new RegExp(source, flags.replaceAll(/[gy]/g, ''));
  return expression.test(version) && !others.some((other) => expression.test(other));
}

interface Owned {
  readonly what: string;
  readonly owner: string;
  readonly within: (texts: WrittenTexts) => boolean;
  /** Code in which it must be found. */
  readonly planted: readonly string[];
  /** Code in which it must not be found. */
  readonly harmless: readonly string[];
}

const owned: readonly Owned[] = [
  {
    what: 'the path of a latest version',
    owner: 'src/store/',
    within: ({ strings }) => strings.some((text) => asPath('latest', text)),
    planted: ["join(out, role, 'latest');", 'const link = `${out}/${role}/latest`;', "'slave/latest';"],
    harmless: ['// latest', 'const latest = 1;', "'name a folder, e.g. out/slave/latest';", "'the latest';"],
  },
  {
    what: 'the name of the boot record',
    owner: 'src/version/',
    within: ({ strings }) => strings.some((text) => asPath('boot.json', text)),
    planted: ["join(folder, 'boot.json');", 'const file = `${folder}/boot.json`;'],
    harmless: ['/** Reads boot.json. */', "'netboot.json';", "'a version has a boot.json';"],
  },
  {
    what: 'the pattern of the names of versions',
    owner: 'src/version/',
    within: ({ patterns }) => patterns.some(looksForVersions),
    planted: [
      String.raw`/^\d{8}-[0-9a-f]{12}$/.test(name);`,
      String.raw`/^(\d{8}-[0-9a-f]{12}|latest)$/.test(name);`,
      String.raw`/^\.(\d{8}-[0-9a-f]{12})\.replaced-(\d+)$/.exec(name);`,
      String.raw`/^[0-9]+-[a-f0-9]{12}$/i.test(name);`,
    ],
    harmless: ['/^[0-9a-f]{64}$/.test(digest);', '/.*/.test(name);', String.raw`/^\d{8}T\d{6}Z-/.test(run);`],
  },
  {
    what: 'the sentence that an image is missing',
    owner: 'src/store/require-version.ts',
    within: ({ strings }) => strings.some((text) => missingImage.test(text)),
    planted: [
      'fail(`there is no ${role} image in ${out}`);',
      'fail(`there is no version in ${out}`);',
      'fail(`the store ${out} has no version`);',
      'fail(`a slave needs a master, and ${out} holds none`);',
    ],
    harmless: ['"the package is in no image";', '"the image has no files";', '"made no image of the slave";'],
  },
];

describe.each(owned)('$what', ({ owner, within, planted, harmless }) => {
  it(`is in ${owner} only`, () => {
    const knowing = sources.filter(({ texts }) => within(texts)).map(({ path }) => path);
    expect(knowing.filter((path) => !path.startsWith(owner))).toEqual([]);
    expect(knowing.length).toBeGreaterThan(0);
  });

  test.each(planted)('is found in %j', (code) => {
    expect(within(writtenTexts(parseSource('planted.ts', code)))).toBe(true);
  });

  test.each(harmless)('is not found in %j', (code) => {
    expect(within(writtenTexts(parseSource('harmless.ts', code)))).toBe(false);
  });
});
