// Runs a system tool in a network namespace, bounded in time.
import { spawn } from 'node:child_process';
import { inNamespace } from '../../kernel/namespace.ts';
import { Fault } from '../../base/fault.ts';

/** Debian's package of each tool, for the line that mends its absence. */
const PACKAGES: Readonly<Record<string, string>> = {
  tc: 'iproute2',
  nft: 'nftables',
  'iptables-restore': 'iptables',
  'ip6tables-restore': 'iptables',
};
const LIMIT_MS = 20_000;

export interface ToolResult {
  readonly ok: boolean;
  /** What it wrote on standard output. */
  readonly output: string;
  /** What it wrote on standard error, or how it ended. */
  readonly detail: string;
}

/** Runs `argv` in the namespace of `fd` with `input` on its standard input. Throws a Fault when it is not installed. */
export function runTool(
  argv: readonly [string, ...string[]],
  fd: number,
  input: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ToolResult> {
  const [program, ...rest] = argv;
  const child = inNamespace(fd, () =>
    spawn(program, rest, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    }),
  );
  let detail = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (detail.length < 8192) detail += text;
  });
  // It may end before it has read everything; its exit code says what happened.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      const name = PACKAGES[program] ?? program;
      reject(
        new Fault('machine', `Cannot start "${program}": ${cause.message}`, {
          help: `Install it: "sudo apt-get install ${name}"`,
          cause,
        }),
      );
    });
    child.on('close', (code, signal) => {
      const ending =
        signal === null ? `exit code ${code ?? -1}` : `${signal} (limit ${LIMIT_MS} ms)`;
      resolve({ ok: code === 0, output, detail: detail.trim() || ending });
    });
  });
}
