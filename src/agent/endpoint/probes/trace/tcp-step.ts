import { Socket } from 'node:net';
import type { SocketConstructorOpts } from 'node:net';
import { openTcp, setHopLimit } from '../../../../kernel/hops.ts';
import { TIMEOUT } from '../../../../traffic/failure.ts';
import { IP_PROTOCOL } from '../../../../wire/ip-protocol.ts';
import { ProbeFailure } from '../../measurement.ts';
import { gatherAnswers } from './gathering.ts';
import type { Gathering } from './gathering.ts';
import { describePayload, tracePayload } from './payload.ts';
import { hearErrors } from './step.ts';
import type { TraceContext, TraceStep } from './step.ts';

/** The TTL of packets that shall arrive. */
const FAR = 64;

/** A SYN: what answers it is a SYN+ACK, a RST, or an ICMP error. */
export const stepSyn: TraceStep = async (context, ttl) => {
  const { probe } = context;
  const { address } = probe.target;
  const { socket } = open(context, ttl);
  const gathering = gatherAnswers(probe.hopTimeout);
  let own: number | undefined;
  hear(context, gathering, () => own);
  socket.once('connect', () => gathering.add({ kind: 'syn-ack', address }));
  socket.once('error', (error) => {
    if ('code' in error && error.code === 'ECONNREFUSED') gathering.add({ kind: 'rst', address });
  });
  gathering.begin();
  dial(context, socket);
  // Node calls connect(2) on the next tick, and keeps what the socket first says of its port for good.
  process.nextTick(() => {
    own = socket.localPort;
  });
  const answers = await gathering.finished;
  socket.resetAndDestroy();
  return answers;
};

/** The first data of a connection whose handshake goes all the way. The kernel sends it again with the same TTL. */
export const stepPayload: TraceStep = async (context, ttl) => {
  const { probe, target, measurement } = context;
  const { address } = probe.target;
  const { socket, fd } = open(context, FAR);
  await connected(context, socket);
  setHopLimit(fd, target.family, ttl);
  const gathering = gatherAnswers(probe.hopTimeout);
  const own = socket.localPort;
  hear(context, gathering, () => own);
  socket.on('data', (bytes) => {
    measurement.received += bytes.length;
    const detail = describePayload(probe.payload, bytes, measurement);
    gathering.add({ kind: 'data', address, ...detail });
  });
  socket.once('end', () => gathering.add({ kind: 'fin', address }));
  socket.once('error', (error) => {
    if ('code' in error && error.code === 'ECONNRESET') gathering.add({ kind: 'rst', address });
  });
  gathering.begin();
  socket.write(tracePayload(probe.payload) ?? '');
  const answers = await gathering.finished;
  // The server shall know that the connection is over.
  if (!socket.destroyed) setHopLimit(fd, target.family, FAR);
  socket.resetAndDestroy();
  return answers;
};

/** Node opens sockets when they connect, which is too late for the TTL of the SYN. */
function open(
  { target, measurement }: TraceContext,
  ttl: number,
): { readonly socket: Socket; readonly fd: number } {
  const fd = openTcp(target.family, ttl);
  // Without `manualStart` Node would read at once from a socket that is not connected.
  const options: SocketConstructorOpts & { readonly manualStart: boolean } = {
    fd,
    manualStart: true,
  };
  const socket = new Socket(options);
  socket.setNoDelay(true);
  measurement.onFailure(() => socket.destroy());
  socket.on('error', () => undefined);
  return { socket, fd };
}

function dial({ probe }: TraceContext, socket: Socket): void {
  const { address: host, port } = probe.target;
  socket.connect({ host, port, autoSelectFamily: false });
}

/** Resolves when the connection is there; a failure is the flow's, since without it nothing can be traced. */
function connected(context: TraceContext, socket: Socket): Promise<void> {
  const { measurement, probe } = context;
  measurement.operation = 'connect';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ProbeFailure(TIMEOUT, `Not connected after ${probe.hopTimeout} ms`)),
      probe.hopTimeout,
    );
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      measurement.mark('connect');
      measurement.operation = 'traceroute';
      resolve();
    });
    dial(context, socket);
  });
}

/** `own` is the port that the socket has, once it has one. */
function hear(context: TraceContext, gathering: Gathering, own: () => number | undefined): void {
  const { address, port } = context.probe.target;
  hearErrors(
    context,
    gathering,
    ({ protocol, destination, first, second }) =>
      protocol === IP_PROTOCOL.tcp && destination === address && first === own() && second === port,
  );
}
