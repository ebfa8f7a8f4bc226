// @ts-check
/**
 * Files without refused words that must stay so, as patterns of git. `node test/style/check.js --all` lists the others.
 */
export const clean = [
  '*.md',
  'examples/*.yaml',
  'examples/monitoring/*.json',
  'src',
  'bench',
  'test/*.ts',
  // The words as examples, and Python or JSON within texts.
  ':!test/unit/style',
  ':!test/integration/images',
];
