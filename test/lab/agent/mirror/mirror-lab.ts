// A mirror in a lab of its own: a client, an online server, a target and an assistant, with programs that tell what they said and heard.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterArgv } from '../../../../src/lab/enter.ts';
import type { Lab } from '../../../../src/lab/lab.ts';
import type { PlanMirror } from '../../../../src/model/mirror.ts';
import type { MirrorNews, MirrorRecord } from '../../../../src/model/mirror-record.ts';
import type { AgentEvent } from '../../../../src/model/rpc.ts';
import { newId, recordOf, startTestLab } from '../../lab/labs.ts';
import { withFolder } from '../../lab/plans.ts';
import { type MirrorWish, mirrorPlan } from './mirror-plan.ts';

export interface MirrorLab {
  readonly lab: Lab;
  /** Has a server run at a node's port, which says what it heard when it is told to end. */
  readonly serve: (node: string, port: number, argv?: readonly string[]) => Promise<Server>;
  /** Has a node's port lead to a server's Unix socket. */
  readonly lead: (node: string, port: number, socket: string) => Promise<void>;
  /** Runs clients of the online server, and gives what each said. */
  readonly speak: (argv: readonly string[], address?: string) => Promise<readonly string[]>;
  /** Runs a program in a node. */
  readonly start: (node: string, argv: readonly string[]) => Program;
  /** Ends the mirror and gives what is known of it. */
  readonly finish: () => Promise<MirrorRecord>;
  readonly news: () => readonly MirrorNews[];
  readonly log: () => string;
  /** Losses and breaks so far. */
  readonly troubles: () => readonly string[];
}

export interface Server {
  /** What each connection heard, sorted, once it has ended. */
  end(): Promise<readonly string[]>;
}

export async function withMirror<T>(
  wish: MirrorWish,
  action: (lab: MirrorLab) => Promise<T>,
  secrets: Readonly<Record<string, string>> = {},
): Promise<T> {
  return withFolder(async (directory) => {
    const events: AgentEvent[] = [];
    mkdirSync(join(directory, 'logs'));
    const lab = await startTestLab(newId(), { onEvent: (event) => void events.push(event) });
    const programs: Program[] = [];
    try {
      const plan = mirrorPlan(wish);
      const files = { folder: directory, directory, build: false };
      await lab.call('prepare', { plan, ...files, secrets }, 60_000);
      await lab.call('build', { plan, directory }, 60_000);
      const record = recordOf(lab.id);
      const begin = (node: string, argv: readonly string[]): Program => {
        const program = start(enterArgv(record, node, argv));
        programs.push(program);
        return program;
      };
      await lab.call('startServices', {}, 60_000);
      return await action({
        lab,
        serve: async (node, port, argv = []) => {
          const server = begin(node, [process.execPath, '-e', SERVER, String(port), ...argv]);
          await server.ready;
          return {
            end: () => {
              server.end();
              return server.lines;
            },
          };
        },
        lead: async (node, port, socket) =>
          begin(node, [process.execPath, '-e', LEAD, String(port), socket]).ready,
        speak: (argv, address = '10.190.0.1') =>
          begin('client', [process.execPath, '-e', CLIENT, address, ...argv]).lines,
        start: begin,
        finish: async () => {
          await lab.call('stopTraffic', {}, 60_000);
          return lastOf(events, plan.mirrors?.[0]);
        },
        news: () => events.flatMap((event) => (event.kind === 'mirror' ? [event.news] : [])),
        log: () => readFileSync(join(directory, 'logs', 'online.shadow.log'), 'utf8'),
        troubles: () => events.flatMap(troubleOf),
      });
    } finally {
      for (const program of programs) program.end();
      await lab.close();
    }
  });
}

function lastOf(events: readonly AgentEvent[], mirror: PlanMirror | undefined): MirrorRecord {
  const found = events.findLast(
    (event) => event.kind === 'mirror-statistics' && event.name === mirror?.name,
  );
  if (found?.kind !== 'mirror-statistics') throw new Error('Nothing was told of the mirror');
  return found;
}

function troubleOf(event: AgentEvent): string[] {
  if (event.kind === 'loss') return [`${event.count} ${event.what}`];
  return event.kind === 'broken' ? [event.fault.message] : [];
}

/** `put <bytes>\n`, then so many bytes; each is answered by a line. `closes`: after so many requests of a connection it ends it. */
const SERVER = `
  const [own, closes] = process.argv.slice(1).map(Number);
  const { createHash } = require('crypto');
  const lines = [];
  const server = require('net').createServer((socket) => {
    const port = socket.remotePort;
    const hash = createHash('sha256');
    let total = 0, requests = 0, left = 0, head = '';
    socket.on('data', (bytes) => {
      total += bytes.length;
      hash.update(bytes);
      for (let at = 0; at < bytes.length;) {
        if (left > 0) {
          const taken = Math.min(left, bytes.length - at);
          at += taken;
          left -= taken;
        } else {
          const end = bytes.indexOf(10, at);
          head += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
          at = end < 0 ? bytes.length : end + 1;
          if (end < 0) break;
          left = Number(head.split(' ')[1]);
          head = '';
        }
        if (left > 0) continue;
        requests += 1;
        socket.write('ok ' + requests + 'x'.repeat(1000) + '\\n');
        if (requests === closes) socket.end();
      }
    });
    const end = () => lines.push(port + ' ' + total + ' ' + hash.digest('hex').slice(0, 12));
    socket.on('end', () => socket.end()).on('error', () => undefined).on('close', end);
  });
  server.listen({ port: own, host: '::', backlog: 4000 }, () => console.error('ready'));
  process.stdin.on('end', () => { console.log(lines.sort().join('\\n')); process.exit(); }).resume();`;

const LEAD = `
  const { connect, createServer } = require('net');
  const [port, path] = process.argv.slice(1);
  const server = createServer((socket) => {
    const other = connect(path);
    socket.on('error', () => other.destroy()).pipe(other);
    other.on('error', () => socket.destroy()).pipe(socket);
  });
  server.listen({ port: Number(port), host: '::' }, () => console.error('ready'));
  process.stdin.on('end', () => process.exit()).resume();`;

/** So many connections at once, each with so many requests of so many bytes, one after the other's answer. */
const CLIENT = `
  const [host, ...numbers] = process.argv.slice(1);
  const [connections, requests, bytes, pause = 0] = numbers.map(Number);
  const { createHash, randomBytes } = require('crypto');
  const lines = [];
  for (let index = 0; index < connections; index += 1) {
    const hash = createHash('sha256');
    let total = 0, asked = 0;
    const socket = require('net').connect({ port: 9999, host });
    const ask = () => {
      if (asked === requests) return socket.end();
      const message = Buffer.concat([Buffer.from('put ' + bytes + '\\n'), randomBytes(bytes)]);
      asked += 1;
      total += message.length;
      hash.update(message);
      socket.write(message);
    };
    let port = 0;
    socket.on('connect', () => { port = socket.localPort; ask(); });
    socket.on('data', (answer) => { if (answer.at(-1) === 10) pause > 0 ? setTimeout(ask, pause) : ask(); });
    socket.on('close', () => lines.push(port + ' ' + total + ' ' + hash.digest('hex').slice(0, 12)));
    socket.on('error', ({ message }) => lines.push(message));
  }
  process.on('exit', () => console.log(lines.sort().join('\\n')));`;

export interface Program {
  /** It has written to standard error, or has ended. */
  readonly ready: Promise<void>;
  /** All that it wrote. */
  readonly lines: Promise<readonly string[]>;
  /** Of its input. */
  end(): void;
}

function start([program = '', ...rest]: readonly string[]): Program {
  const child = spawn(program, rest, { timeout: 60_000, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  child.stdin.on('error', () => undefined);
  return {
    ready: new Promise((resolve) => {
      child.stderr.once('data', () => resolve());
      child.once('close', () => resolve());
    }),
    lines: new Promise((resolve) =>
      child.once('close', () => resolve(output.split('\n').filter((line) => line !== ''))),
    ),
    end: () => void child.stdin.end(),
  };
}
