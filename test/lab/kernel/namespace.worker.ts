// A worker that enters the namespace it is given and says where it is.
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { enterNamespace } from '../../../src/kernel/namespace.ts';

enterNamespace(workerData as number);
parentPort?.postMessage(readlinkSync('/proc/thread-self/ns/net'));
