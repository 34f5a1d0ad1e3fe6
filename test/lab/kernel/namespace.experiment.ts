import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync, readSync, readlinkSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  createNetworkNamespace,
  inNamespace,
  openNetworkNamespace,
} from '../../../src/kernel/namespace.ts';
import { setUp } from '../../../src/kernel/netlink/link.ts';
import { exchange } from '../../../src/kernel/netlink/socket.ts';
import { createMemoryFile, waitForProcess } from '../../../src/kernel/process.ts';

const here = (): string => readlinkSync('/proc/thread-self/ns/net');
const home = here();
const fd = createNetworkNamespace();
const homeAfterCreate = here();
const inside = inNamespace(fd, here);

let thrown: unknown;
try {
  inNamespace(fd, () => {
    throw new Error('from inside');
  });
} catch (error) {
  thrown = error instanceof Error ? error.message : error;
}

// A server's socket belongs to where it was opened, whatever happens later.
exchange([setUp(1)]);
inNamespace(fd, () => exchange([setUp(1)]));
const server = createServer((socket) => socket.end('hello'));
inNamespace(fd, () => server.listen(7007));
await once(server, 'listening');
const dial = `require('net').connect(7007,'127.0.0.1').on('data',(d)=>process.stdout.write(d)).on('error',(e)=>process.stdout.write(e.code))`;
const client = inNamespace(fd, () => spawn(process.execPath, ['-e', dial]));
const [answer] = (await once(client.stdout, 'data')) as [Buffer];
const outsider = spawn(process.execPath, ['-e', dial]);
const [refusal] = (await once(outsider.stdout, 'data')) as [Buffer];
server.close();

const worker = new Worker(new URL('./namespace.worker.ts', import.meta.url), { workerData: fd });
const [inWorker] = (await once(worker, 'message')) as [string];

let badFd: unknown;
try {
  inNamespace(9999, () => undefined);
} catch (error) {
  badFd = error instanceof Error && 'code' in error ? error.code : error;
}

const file = createMemoryFile('experiment');
writeSync(file, 'kept in memory');
const text = Buffer.alloc(14);
readSync(file, text, 0, 14, 0);
const link = readlinkSync(`/proc/self/fd/${file}`);
closeSync(file);

// An orphan: its parent is gone, so it is this process's, the first of its PID namespace.
const orphan = Number(
  execFileSync('sh', ['-c', 'sleep 0.05 >/dev/null 2>&1 & echo $!'], { encoding: 'utf8' }),
);
const early = waitForProcess(orphan);
while (!/^State:\s+Z/m.test(readFileSync(`/proc/${orphan}/status`, 'latin1'))) await sleep(5);
const reaped = [waitForProcess(orphan), waitForProcess(orphan)];

process.stdout.write(
  JSON.stringify({
    staysHome: home === homeAfterCreate && home === here(),
    isElsewhere: inside !== home,
    opened: readlinkSync(`/proc/self/fd/${openNetworkNamespace()}`) === home,
    descriptor: readlinkSync(`/proc/self/fd/${fd}`) === inside,
    thrown,
    answer: answer.toString(),
    refusal: refusal.toString(),
    inWorker: inWorker === inside,
    badFd,
    text: text.toString(),
    link,
    early,
    reaped,
  }),
);
