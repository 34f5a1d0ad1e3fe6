// What experiments of the packet path have in common: programs in nodes, censors by port, a transfer.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import {
  AS_TRIGGER,
  AT_ONCE,
  DEFAULT_CENSOR,
  DEFAULT_RESET,
} from '../../../src/model/censor-defaults.ts';
import type { CensorAction } from '../../../src/model/censor-action.ts';
import type { PlanCensor, PlanNode } from '../../../src/model/plan.ts';
import { ECHO_SERVERS, TRANSFER } from './programs.ts';
import type { LabNetwork, SmallLab } from './small-lab.ts';

export const TWO_NETWORKS: Readonly<Record<string, LabNetwork>> = {
  inside: { members: ['client', 'middle'] },
  outside: { members: ['middle', 'server'] },
};
export const RESET: CensorAction = {
  ...DEFAULT_RESET,
  window: AS_TRIGGER,
  ipId: AS_TRIGGER,
  repeat: false,
};

export function censorOf(
  path: PlanNode['path'],
  rules: readonly (readonly [
    name: string,
    field: 'tcp.dstport',
    port: number,
    action: CensorAction,
  ])[],
): PlanCensor {
  return {
    name: 'censor',
    on: 'middle',
    position: path === 'kernel' ? 'on-path' : 'in-path',
    ...DEFAULT_CENSOR,
    rules: rules.map(([name, field, port, action]) => ({
      name,
      match: { field, ranges: [[port, port]] },
      actions: [action],
      probability: 1,
      first: null,
      engageAfter: AT_ONCE,
    })),
  };
}

export function start(
  lab: SmallLab,
  node: string,
  program: string,
  ...argv: string[]
): ChildProcess {
  return inNamespace(lab.fd(node), () =>
    spawn(program, argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    }),
  );
}

export async function finish(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}

/** Resolves with what was written once it holds `wished`, or with all of it when the program has ended. */
export function output(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  wished: string,
): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(wished)) resolve(text);
    });
    child.on('close', () => resolve(text));
    if (child.exitCode !== null) resolve(text);
  });
}

/** Sends bytes to the server's echo and gives what came back: length, whether equal, milliseconds. */
export async function transfer(lab: SmallLab, size: number, host = '10.2.0.2'): Promise<unknown> {
  const server = start(lab, 'server', process.execPath, '-e', ECHO_SERVERS);
  await output(server, 'stdout', 'ready');
  const text = await finish(
    start(lab, 'client', process.execPath, '-e', TRANSFER, host, '80', String(size)),
  );
  server.kill('SIGKILL');
  return { ...(JSON.parse(text) as object), events: lab.events };
}
