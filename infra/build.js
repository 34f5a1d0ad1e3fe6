// Bundles the command line and the agent into dist/. Each agent thread has a file of its own; the native module and
// npm `pcap` stay outside the bundles. A build that fails leaves the one before in place.
import { build } from 'esbuild';
import { chmod, copyFile, rename, rm } from 'node:fs/promises';
import { readFileSync, existsSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const threads = ['packet', 'capture', 'endpoint', 'raw', 'relay', 'tunnel', 'mirror']
  .map((name) => [`agent-${name}`, `src/agent/${name}/worker.ts`])
  .filter(([, file]) => existsSync(file));

/**
 * Parts of dockerode that speak ssh and BuildKit's sessions, which nothing here does: 1.6 MB that would be loaded each time.
 * What ssh2 has in native code stays outside, and is done without where it could not be built.
 */
const leaveOut = {
  name: 'leave-out',
  setup: (bundle) => {
    bundle.onResolve(
      { filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/ },
      ({ path, importer }) =>
        importer.includes('/node_modules/') ? { path, namespace: 'left-out' } : undefined,
    );
    bundle.onResolve({ filter: /sshcrypto\.node$/ }, () => ({
      path: 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
      external: true,
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
  external: ['pcap', 'cpu-features', 'esbuild', 'onnxruntime-node', 'playwright-core'],
  plugins: [leaveOut],
  legalComments: 'none',
  // A part of ssh2 asks where it is as a CommonJS module does; nothing is read from there.
  define: { RUNNER_VERSION: JSON.stringify(version), __dirname: 'import.meta.dirname' },
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
  // The player of one party by hand, and the relay by hand, are as whole as a thread.
  entryPoints: {
    ...Object.fromEntries(threads),
    'agent-alone': 'src/agent/alone/main.ts',
    'agent-alone-relay': 'src/agent/alone/relay.ts',
    'agent-relay-pool': 'src/agent/relay/pool/worker.ts',
    'agent-visitor': 'src/agent/visitor/main.ts',
  },
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
// What keeps labs on another machine: started anew for each of them.
await build({
  ...common,
  entryPoints: { keeper: 'src/lab/keeper/main.ts' },
  outdir: NEXT,
  splitting: true,
  chunkNames: 'chunks/keeper-[name]-[hash]',
});
// Runs censor programs, each in a process of its own, and models in a thread; and the types that these are written against, which import nothing.
await build({
  ...common,
  entryPoints: { 'program-host': 'src/program/main.ts', 'onnx-worker': 'src/onnx/worker.ts' },
  outdir: NEXT,
  splitting: false,
});
await copyFile('src/program/api.ts', `${NEXT}/program.d.ts`);
await chmod(`${NEXT}/runner.js`, 0o755);
await rm('dist', { recursive: true, force: true });
await rename(NEXT, 'dist');
