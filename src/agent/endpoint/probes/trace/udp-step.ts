import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { echoPayload } from '../../../../traffic/echo.ts';
import { IP_PROTOCOL } from '../../../../wire/ip-protocol.ts';
import { closeDatagrams } from '../../close-datagrams.ts';
import { gatherAnswers } from './gathering.ts';
import { describePayload, tracePayload } from './payload.ts';
import { hearErrors } from './step.ts';
import type { TraceStep } from './step.ts';

/** Bytes of a datagram that asks nothing. */
const SIZE = 32;

/** A datagram, from a socket that is not connected: ICMP errors are the listener's. */
export const stepUdp: TraceStep = async (context, ttl) => {
  const { probe, target, measurement } = context;
  const { address, port } = probe.target;
  const socket = createSocket(target.family === 4 ? 'udp4' : 'udp6');
  measurement.onFailure(() => closeDatagrams(socket));
  socket.bind();
  await once(socket, 'listening');
  socket.setTTL(ttl);
  const own = socket.address().port;
  const gathering = gatherAnswers(probe.hopTimeout);
  hearErrors(
    context,
    gathering,
    ({ protocol, destination, first, second }) =>
      protocol === IP_PROTOCOL.udp && destination === address && first === own && second === port,
  );
  socket.on('message', (datagram, peer) => {
    measurement.received += datagram.length;
    const detail = describePayload(probe.payload, datagram, measurement);
    gathering.add({ kind: 'data', address: peer.address, ...detail });
  });
  gathering.begin();
  socket.send(tracePayload(probe.payload) ?? echoPayload(0, SIZE), port, address);
  const answers = await gathering.finished;
  closeDatagrams(socket);
  return answers;
};
