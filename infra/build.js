// Bundles the command line and the agent into dist/. Each agent thread has a file of its own; the native module and
// npm `pcap` stay outside the bundles.
import { build } from 'esbuild';
import { chmod, rm } from 'node:fs/promises';
import { readFileSync, existsSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const threads = ['packet', 'capture', 'endpoint']
  .map((name) => [`agent-${name}`, `src/agent/${name}/worker.ts`])
  .filter(([, file]) => existsSync(file));

await rm('dist', { recursive: true, force: true });
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['pcap'],
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
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});
await build({
  ...common,
  entryPoints: Object.fromEntries([['agent', 'src/agent/main.ts'], ...threads]),
  outdir: 'dist',
  splitting: false,
});
await chmod('dist/runner.js', 0o755);
