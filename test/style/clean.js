// @ts-check
/** What has no refused word and has to stay so, as patterns of git. `node test/style/check.js --all` lists every other. */
export const clean = ['*.md', 'examples/*.yaml', 'examples/monitoring/*.json', 'src', 'bench'];
