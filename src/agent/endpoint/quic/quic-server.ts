// QUIC services: ngtcp2's server, one for each address. Its key is a file in memory and never on a disk.
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../../base/fault.ts';
import { closeDescriptor, createMemoryFile } from '../../../kernel/process.ts';
import type { Service } from '../../../model/traffic.ts';
import { describeEnd } from '../../../traffic/program-outcome.ts';
import { openLog } from '../log-file.ts';
import type { LogFile } from '../log-file.ts';
import { startProgram } from '../program.ts';
import type { Program } from '../program.ts';
import type { Credentials } from '../protocol.ts';

export interface QuicService {
  readonly service: Service;
  readonly credentials: Credentials;
  /** The server's file. */
  readonly file: string;
  readonly namespaceFd: number;
  /** The run's folder, absolute. */
  readonly directory: string;
}

export interface RunningQuic {
  stop(): Promise<void>;
}

/** What a page of a given size consists of, over and over. */
const LINE = 'netscenario '.repeat(5).trimEnd().concat('\n');
const PAGE = '<!doctype html><title>netscenario</title><p>This page came over QUIC.</p>\n';
/** Milliseconds that a server has to open its port, and between two looks. */
const READY_WITHIN = 5000;
const LOOK_EVERY = 20;

/** Resolves when the server listens on every address. */
export async function startQuicServers(options: QuicService): Promise<RunningQuic> {
  const { service, directory } = options;
  const pages = join(directory, 'lab', 'quic', service.name);
  await mkdir(pages, { recursive: true });
  await writeFile(join(pages, 'index.html'), pageOf(service));
  const log = openLog(join(directory, 'logs'), service.on, service.name);
  const programs = service.addresses.map((address) => startServer(options, address, pages, log));
  const stop = async (): Promise<void> => {
    for (const program of programs) program.stop();
    await Promise.all(programs.map(({ ended }) => ended));
    await log.close();
  };
  try {
    await Promise.all(
      programs.map((program, index) => listening(program, service, service.addresses[index] ?? '')),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

const pageOf = ({ serve }: Service): string | Buffer =>
  serve.kind === 'quic' && serve.size !== undefined ? Buffer.alloc(serve.size, LINE) : PAGE;

function startServer(
  { service, credentials, file, namespaceFd }: QuicService,
  address: string,
  pages: string,
  log: LogFile,
): Program {
  const key = memoryFile('key', credentials.key);
  const certificate = memoryFile('certificate', credentials.certificate);
  try {
    return startProgram({
      namespaceFd,
      argv: [
        ...[file, '--no-quic-dump', '--no-http-dump', `--htdocs=${pages}`],
        ...[address, String(service.serve.port), '/proc/self/fd/3', '/proc/self/fd/4'],
      ],
      environment: {},
      descriptors: [key, certificate],
      onOutput: (_, bytes) => (log.write(bytes) ? null : log.drained()),
    });
  } finally {
    closeDescriptor(key);
    closeDescriptor(certificate);
  }
}

function memoryFile(name: string, text: string): number {
  const fd = createMemoryFile(name);
  writeSync(fd, text);
  return fd;
}

/** The server does not say when it listens: the kernel's table of its namespace does. */
async function listening(program: Program, service: Service, address: string): Promise<void> {
  const { name, on, serve } = service;
  const place = `Service "${name}" on "${on}" cannot listen on udp ${address} port ${serve.port}`;
  let ending: string | undefined;
  void program.ended.then((end) => {
    ending = describeEnd(end);
  });
  const limit = performance.now() + READY_WITHIN;
  while (ending === undefined && performance.now() < limit) {
    if (program.pid !== undefined && (await hasPort(program.pid, address, serve.port))) return;
    await wait(LOOK_EVERY);
  }
  throw new Fault('run', `${place}: ${ending ?? `not after ${READY_WITHIN} ms`}`, {
    help: `See logs/${on}.${name}.log in the results`,
  });
}

/** proc(5): the local address and port are hexadecimal digits. */
async function hasPort(pid: number, address: string, port: number): Promise<boolean> {
  const table = `/proc/${pid}/net/${isIPv6(address) ? 'udp6' : 'udp'}`;
  const text = await readFile(table, 'utf8').catch(() => '');
  const digits = port.toString(16).toUpperCase().padStart(4, '0');
  return text.split('\n').some((line) => line.trim().split(/\s+/)[1]?.endsWith(`:${digits}`));
}
