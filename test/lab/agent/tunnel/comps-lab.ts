// Runs CoMPS in a lab of its own, with a load through its tunnels, and gives what the agent told of it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterArgv } from '../../../../src/lab/enter.ts';
import type { Lab } from '../../../../src/lab/lab.ts';
import type { LiveLab } from '../../../../src/lab/list.ts';
import type { AgentEvent } from '../../../../src/model/rpc.ts';
import type { TunnelRecord, TunnelSwitch } from '../../../../src/model/tunnel.ts';
import { newId, recordOf, startTestLab } from '../../lab/labs.ts';
import { withFolder } from '../../lab/plans.ts';
import { type CompsWish, WEB, compsPlan } from './comps.ts';

/** Why tunnels cannot be tried here; undefined when they can. */
export function obstacle(): string | undefined {
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  const folders = (process.env['PATH'] ?? '').split(':');
  const isInstalled = folders.some((folder) => existsSync(`${folder}/wireguard-go`));
  return isInstalled ? undefined : 'wireguard-go is not installed';
}

export interface CompsLab {
  readonly lab: Lab;
  /** Runs a program in a node. */
  run(node: string, ...argv: string[]): Promise<Outcome>;
  /** Sends through the tunnels for a while, on one connection: both ways at once, or down to the client alone. */
  load(ms: number, direction: Direction): Promise<Load>;
  /** Ends the migrations and gives what is known of `wg0`. */
  finish(): Promise<TunnelRecord>;
  /** Those that were told so far. */
  switches(): readonly TunnelSwitch[];
  /** What is written of a tunnel. */
  log(tunnel: string): string;
  /** What broke so far. */
  readonly breaks: () => readonly string[];
}

type Direction = 'both' | 'down';

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Bytes that came, at either end; `isWhole` while the connection held. */
export interface Load {
  readonly down: number;
  readonly up: number;
  readonly isWhole: boolean;
}

export async function withComps<T>(
  wish: CompsWish,
  action: (comps: CompsLab) => Promise<T>,
  beforeHandshakes: (comps: Pick<CompsLab, 'lab' | 'run'>) => Promise<unknown> = () =>
    Promise.resolve(),
): Promise<T> {
  return withFolder(async (directory) => {
    const events: AgentEvent[] = [];
    mkdirSync(join(directory, 'logs'));
    const lab = await startTestLab(newId(), { onEvent: (event) => void events.push(event) });
    try {
      await lab.call('build', { plan: compsPlan(wish), directory }, 60_000);
      const record = recordOf(lab.id);
      const run: CompsLab['run'] = (node, ...argv) => runIn(record, node, argv);
      await beforeHandshakes({ lab, run });
      await lab.call('startServices', {}, 60_000);
      return await action({
        lab,
        run,
        log: (tunnel) => readFileSync(join(directory, 'logs', `client.${tunnel}.log`), 'utf8'),
        load: (ms, direction) => load(record, ms, direction),
        finish: async () => {
          await lab.call('stopTraffic', {}, 60_000);
          return lastOf(events);
        },
        switches: () => events.flatMap((event) => (event.kind === 'tunnel-switch' ? [event] : [])),
        breaks: () =>
          events.flatMap((event) => (event.kind === 'broken' ? [event.fault.message] : [])),
      });
    } finally {
      await lab.close();
    }
  });
}

function lastOf(events: readonly AgentEvent[]): TunnelRecord {
  const found = events.findLast(
    (event) => event.kind === 'tunnel-statistics' && event.name === 'wg0',
  );
  if (found?.kind !== 'tunnel-statistics') throw new Error('Nothing was told of wg0');
  return found;
}

/** Sends zeros until its peer has gone, and says how many came. */
const PUMP = `
  const zeros = Buffer.alloc(65536);
  const pump = (socket, isSpeaking) => {
    const fill = () => { while (isSpeaking && socket.write(zeros)); };
    socket.on('drain', fill).on('data', (bytes) => (socket.heard = (socket.heard ?? 0) + bytes.length));
    fill();
  };`;
const SERVER = `${PUMP}
  const server = require('net').createServer((socket) => {
    pump(socket, true);
    const end = () => { console.log(socket.heard ?? 0); process.exit(); };
    socket.on('error', end).on('close', end);
  });
  server.listen(5001, () => console.error('ready'));`;
const CLIENT = `${PUMP}
  const [host, ms, direction] = process.argv.slice(1);
  const socket = require('net').connect(5001, host, () => pump(socket, direction === 'both'));
  const tell = (error) => { console.log(JSON.stringify({ heard: socket.heard ?? 0, error })); process.exit(); };
  socket.on('error', ({ message }) => tell(message)).on('close', () => tell('closed'));
  setTimeout(() => tell(null), Number(ms));`;

async function load(record: LiveLab, ms: number, direction: Direction): Promise<Load> {
  const server = start(record, 'web', [process.execPath, '-e', SERVER]);
  await server.ready;
  const { output } = await runIn(record, 'client', [
    ...[process.execPath, '-e', CLIENT, WEB, String(ms), direction],
  ]);
  const { heard, error } = JSON.parse(output) as { heard: number; error: string | null };
  const { output: up } = await server.ended;
  return { down: heard, up: Number(up), isWhole: error === null };
}

const runIn = (record: LiveLab, node: string, argv: readonly string[]): Promise<Outcome> =>
  start(record, node, argv).ended;

function start(
  record: LiveLab,
  node: string,
  argv: readonly string[],
): { readonly ready: Promise<void>; readonly ended: Promise<Outcome> } {
  const [program = '', ...rest] = enterArgv(record, node, argv);
  const child = spawn(program, rest, { timeout: 60_000 });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  return {
    // Or it has ended, which its caller finds by what it gave.
    ready: new Promise((resolve) => {
      child.stderr.once('data', () => resolve());
      child.once('close', () => resolve());
    }),
    ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, output }))),
  };
}
