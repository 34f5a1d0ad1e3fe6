// The capture thread: the one thread of the agent that loads libpcap.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { CaptureError, countInFile, loadPcap } from '../../kernel/capture.ts';
import type { AgentFault } from '../../model/rpc.ts';
import { writePcapHeader } from '../../wire/pcap.ts';
import { type CaptureSet, startCaptureSet } from './capture-set.ts';
import type { CaptureReply, CaptureRequest, NamedFilter, NumberedRequest } from './messages.ts';

invariant(parentPort, 'the capture thread runs as a worker');
const port = parentPort;
let captures: CaptureSet | null = null;

port.on('message', (request: NumberedRequest) => {
  void answer(request);
});

async function answer({ id, ...request }: NumberedRequest): Promise<void> {
  try {
    say({ id, result: await serve(request) });
  } catch (cause) {
    say({ id, fault: asFault(cause) });
  }
}

async function serve(request: CaptureRequest): Promise<unknown> {
  switch (request.method) {
    case 'load':
      loadPcap();
      checkFilters(request.filters, request.scratch);
      return null;
    case 'start':
      captures = startCaptureSet(request.orders, (fault, gone) =>
        say({ broken: asFault(fault), ...(gone !== undefined && { gone }) }),
      );
      return null;
    case 'stop': {
      const counts = (await captures?.stop()) ?? [];
      captures = null;
      return counts;
    }
    case 'count':
      return request.files.reduce((sum, file) => sum + count(file, request.filter), 0);
  }
}

/** Only libpcap itself knows its language, and it wants a file to try a filter on. */
function checkFilters(filters: readonly NamedFilter[], scratch: string): void {
  if (filters.length === 0) return;
  mkdirSync(dirname(scratch), { recursive: true });
  writeFileSync(scratch, writePcapHeader());
  for (const { owner, filter } of filters) count(scratch, filter, ` of ${owner}`);
  rmSync(scratch);
}

function count(file: string, filter: string, owner = ''): number {
  try {
    return countInFile(file, filter);
  } catch (cause) {
    if (!(cause instanceof CaptureError)) throw cause;
    if (cause.rejectsFilter)
      throw new Fault('usage', `Not a BPF filter: "${filter}"${owner}: ${cause.message}`, {
        help: 'The language is described in pcap-filter(7)',
        cause,
      });
    throw new Fault('run', `Cannot read the capture "${file}": ${cause.message}`, { cause });
  }
}

const say = (reply: CaptureReply): void => port.postMessage(reply);

function asFault(cause: unknown): AgentFault {
  if (!(cause instanceof Fault))
    return { kind: 'run', message: cause instanceof Error ? cause.message : String(cause) };
  const { kind, message, help } = cause;
  return help === undefined ? { kind, message } : { kind, message, help };
}
