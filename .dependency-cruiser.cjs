// The modules of src/, lowest first, and the modules that each may import; docs/architecture.md has a diagram.
const modules = {
  host: [],
  'inputs/url': [],
  'inputs/yaml': ['host', 'inputs/url'],
  'inputs/targets': [],
  'inputs/cluster-spec': ['host', 'inputs/url', 'inputs/yaml', 'inputs/targets'],
  'inputs/plan': ['host', 'inputs/url', 'inputs/yaml', 'inputs/targets', 'inputs/cluster-spec'],
  render: ['host', 'inputs/targets', 'inputs/cluster-spec', 'inputs/plan'],
  'inputs/apt': ['host', 'inputs/url'],
  'inputs/pool': ['host', 'inputs/url', 'inputs/apt'],
  'inputs/lock': ['host', 'inputs/url', 'inputs/yaml', 'inputs/plan', 'inputs/apt', 'inputs/pool'],
  inputs: ['host', 'render'],
  vm: ['host'],
  version: ['host', 'inputs', 'vm'],
  store: ['host', 'inputs', 'version'],
  channel: ['host', 'inputs', 'version', 'store'],
  oci: ['host'],
  publish: ['host', 'inputs', 'render', 'version', 'store', 'channel', 'oci'],
  seed: ['host', 'inputs', 'render', 'version', 'vm'],
  disk: ['host', 'inputs', 'render', 'version'],
  'publish/ami': ['host', 'inputs', 'render'],
  'boot-test': ['host', 'inputs', 'render', 'vm', 'version', 'store', 'seed', 'disk'],
  diff: ['host', 'inputs', 'render', 'version', 'store'],
  'bake/cache': ['host', 'inputs', 'oci'],
  'bake/compose': ['host', 'inputs'],
  'bake/packer': ['host', 'inputs', 'render', 'vm'],
  'bake/seal': ['host', 'inputs', 'version'],
  // A stage is one file of bake/stages. The recipe above them imports all stages, and no stage imports the recipe.
  'bake/keys': ['host', 'inputs', 'render', 'bake/cache'],
  'bake/build': [
    ...['host', 'inputs', 'render', 'vm', 'version', 'store', 'disk', 'diff'],
    ...['bake/compose', 'bake/packer', 'bake/seal'],
  ],
  'bake/stages': [
    ...['host', 'inputs', 'render', 'vm', 'version', 'store', 'disk', 'boot-test'],
    ...['bake/cache', 'bake/keys', 'bake/build', 'bake/compose', 'bake/packer', 'bake/seal'],
  ],
  'bake/records': ['host', 'inputs', 'version', 'store', 'bake/cache', 'bake/keys'],
  'bake/publish': [
    ...['host', 'inputs', 'version', 'boot-test'],
    ...['bake/cache', 'bake/keys', 'bake/records', 'bake/seal'],
  ],
  bake: ['host', 'inputs', 'render', 'vm', 'version', 'store', 'disk', 'boot-test', 'diff', 'oci'],
  report: ['host', 'inputs', 'version', 'store', 'vm', 'diff', 'fleet', 'rehearse'],
  doctor: ['host', 'inputs', 'vm', 'version', 'store', 'bake'],
  netboot: ['host', 'inputs', 'render', 'version', 'store', 'seed'],
  rehearse: ['host', 'inputs', 'render', 'vm', 'version', 'store', 'seed', 'disk', 'boot-test'],
  nightly: ['host', 'inputs', 'diff'],
  'air-gap': ['host', 'inputs', 'version', 'store', 'publish', 'bake/seal'],
  fleet: ['host', 'inputs', 'version', 'store', 'diff', 'channel'],
  wave: ['host', 'inputs', 'version', 'store', 'channel', 'fleet'],
  failures: ['host', 'inputs', 'version', 'vm', 'store', 'bake/packer', 'bake/seal', 'bake/records'],
};
// Modules without side effects: processes, files, clock and sockets are passed in.
const pure = [
  'inputs/url',
  'inputs/yaml',
  'inputs/targets',
  'inputs/cluster-spec',
  'inputs/plan',
  'render',
  'version/sbom',
  'version/provenance',
  'version/vex',
];

module.exports = {
  forbidden: [
    ...Object.entries(modules).map(([module, allowed]) => ({
      name: `${module}-imports-only-what-is-below`,
      severity: 'error',
      from: {
        path: `^src/${module}/`,
        // A module inside another module has its own rule.
        pathNot: Object.keys(modules)
          .filter((other) => other.startsWith(`${module}/`))
          .map((other) => `^src/${other}/`),
      },
      // The table of roles and the version of ingot are data that any module above host may read.
      to: {
        path: '^src/',
        pathNot: [
          `^src/(${[module, ...allowed].join('|')})/`,
          ...(allowed.length > 0 ? ['^src/inputs/(roles|tool-version)\\.ts$'] : []),
        ],
      },
    })),
    {
      name: 'pure-modules-have-no-effects',
      comment: 'Processes, files, clock and sockets are in host/ and are passed in.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: {
        path: '^(node:)?(fs|child_process|net|http|https|os|process|timers)(/|$)|node_modules/listr2/|^src/host/(?!ingot-error)',
      },
    },
    {
      name: 'only-host-and-vm-start-processes',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(host|vm)/' },
      to: { path: '^(node:)?(child_process|net|http|https)(/|$)' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
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
