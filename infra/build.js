// Bundles the command line and the agent into dist/. Each agent thread has a file of its own; the native module and
// npm `pcap` stay outside the bundles. A build that fails leaves the one before in place.
import { build } from 'esbuild';
import { chmod, rename, rm } from 'node:fs/promises';
import { readFileSync, existsSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const threads = ['packet', 'capture', 'endpoint']
  .map((name) => [`agent-${name}`, `src/agent/${name}/worker.ts`])
  .filter(([, file]) => existsSync(file));

/** Parts of dockerode that speak ssh and BuildKit's sessions, which nothing here does: 1.6 MB that would be loaded each time. */
const leaveOut = {
  name: 'leave-out',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    bundle.onLoad({ filter: /./, namespace: 'left-out' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

const NEXT = 'build/dist';
await rm(NEXT, { recursive: true, force: true });
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['pcap'],
  plugins: [leaveOut],
  legalComments: 'none',
  define: { RUNNER_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages call require for Node's own modules.
  banner: {
    js: "import { createRequire as runnerRequire } from 'node:module'; const require = runnerRequire(import.meta.url);",
  },
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: { runner: 'src/main.ts' },
  outdir: NEXT,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});
await build({
  ...common,
  entryPoints: Object.fromEntries(threads),
  outdir: NEXT,
  splitting: false,
});
// What only labs with containers need is loaded by those alone.
await build({
  ...common,
  entryPoints: { agent: 'src/agent/main.ts' },
  outdir: NEXT,
  splitting: true,
  chunkNames: 'chunks/agent-[name]-[hash]',
});
await chmod(`${NEXT}/runner.js`, 0o755);
await rm('dist', { recursive: true, force: true });
await rename(NEXT, 'dist');
