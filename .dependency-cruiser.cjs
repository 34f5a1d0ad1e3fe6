// The house of docs/architecture.md as a table: each folder and what it may import.
const MAY_IMPORT = {
  base: [],
  model: ['base'],
  scenario: ['wire', 'model', 'base'],
  wire: ['model', 'base'],
  report: ['model', 'base'],
  program: ['base'],
  onnx: ['model', 'base'],
  roles: ['wire', 'model', 'base'],
  offline: ['roles', 'wire', 'model', 'base'],
  traffic: ['wire', 'model', 'base'],
  analysis: ['roles', 'wire', 'model', 'base'],
  kernel: ['wire', 'model', 'base'],
  engine: ['model', 'base'],
  ssh: ['model', 'base'],
  agent: ['onnx', 'engine', 'kernel', 'roles', 'traffic', 'wire', 'model', 'base'],
  lab: ['engine', 'ssh', 'model', 'base'],
  trial: ['onnx', 'lab', 'ssh', 'scenario', 'analysis', 'report', 'wire', 'model', 'base'],
  sweep: ['trial', 'model', 'base'],
  cli: [
    'sweep',
    'trial',
    'lab',
    'ssh',
    'offline',
    'scenario',
    'analysis',
    'report',
    'wire',
    'model',
    'base',
  ],
};

const PURE = [
  'base',
  'model',
  'scenario',
  'wire',
  'roles',
  'offline',
  'traffic',
  'analysis',
  'report',
];

/** npm packages and the only folders that may use them. */
const OWNERS = {
  esbuild: ['cli'],
  yaml: ['scenario', 'cli'],
  'redos-detector': ['scenario'],
  commander: ['cli'],
  pcap: ['kernel'],
  execa: ['lab', 'trial', 'cli'],
  'playwright-core': ['agent/visitor'],
  dockerode: ['engine'],
  ssh2: ['ssh'],
  'ssh-config': ['ssh'],
  'tar-stream': ['engine', 'lab'],
  '@balena/dockerignore': ['engine'],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, below]) => ({
  name: `${folder}-imports-only-${below.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...below].join('|')})/` },
}));

const owners = Object.entries(OWNERS).map(([name, folders]) => ({
  name: `${name.replace(/\W/g, '')}-belongs-to-${folders.join('-')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})/` },
  to: { path: `^node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    ...owners,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-means-no-io',
      severity: 'error',
      from: {
        path: `^src/(${PURE.join('|')})/`,
        pathNot: '^src/(base/hash|wire/quic/cipher)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
