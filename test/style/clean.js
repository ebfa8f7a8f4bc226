// @ts-check
/**
 * What has no refused word and has to stay so, as patterns of git. `node test/style/check.js --all` shows how many words are left in
 * the folders of src/; add a folder when it has none.
 */
export const clean = ['*.md', 'examples/*.yaml', 'examples/monitoring/*.json'];
