// The rooms and the one direction in which they may look. A room may import only what stands before it.
const rooms = {
  errors: [],
  url: [],
  host: ['errors', 'url'],
  yaml: ['errors', 'url'],
  spec: ['errors', 'url', 'yaml'],
  plan: ['errors', 'url', 'yaml', 'spec'],
  render: ['errors', 'spec', 'plan'],
  pool: ['errors', 'url', 'host'],
  lock: ['errors', 'url', 'host', 'plan', 'pool'],
  cache: ['errors', 'host', 'plan', 'pool', 'lock'],
  compose: ['errors', 'url', 'host', 'plan', 'pool', 'lock'],
  bake: ['errors', 'host', 'plan'],
  seal: ['errors', 'host', 'plan'],
  assemble: ['errors', 'host', 'plan'],
  verify: ['errors', 'host', 'plan'],
  rehearse: ['errors', 'host', 'plan', 'seal', 'verify'],
  compare: ['errors', 'host', 'plan'],
  release: ['errors', 'host', 'plan', 'seal', 'assemble', 'compare', 'sbom'],
  store: ['errors', 'host', 'plan', 'compare', 'release'],
  sbom: ['errors', 'plan', 'lock'],
  provenance: ['errors', 'plan', 'lock', 'sbom'],
  diff: ['errors', 'host', 'plan', 'render', 'pool', 'lock', 'assemble', 'sbom', 'compare', 'release'],
  fleet: ['errors', 'host', 'yaml', 'plan', 'render', 'compare', 'diff'],
  netboot: ['errors', 'host', 'plan', 'render'],
  bench: ['errors', 'host', 'plan', 'render', 'pool', 'lock', 'seal', 'verify'],
};
const pure = ['errors', 'url', 'yaml', 'spec', 'plan', 'render', 'sbom', 'provenance'];

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-looks-only-back`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    {
      name: 'pure-rooms-have-no-effects',
      comment: 'Processes, files, clock and sockets live in host/ and are handed in.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: {
        path: '^(node:)?(fs|child_process|net|http|https|os|process|timers)(/|$)|node_modules/listr2/',
      },
    },
    {
      name: 'only-host-starts-processes',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/host/' },
      to: { path: '^(node:)?(child_process|net|http|https)(/|$)' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
