import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Target } from '../../../model/traffic.ts';
import { closeDatagrams } from '../close-datagrams.ts';
import type { Measurement } from '../measurement.ts';

/**
 * A UDP socket of its own port that only hears `target`, ICMP errors included (they come as `error`: ECONNREFUSED for
 * port unreachable).
 */
export async function connectUdp(target: Target, measurement: Measurement): Promise<Socket> {
  const socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
  measurement.onFailure(() => closeDatagrams(socket));
  socket.connect(target.port, target.address);
  await once(socket, 'connect');
  const { address, port } = socket.address();
  measurement.findings.fiveTuple = {
    protocol: 'udp',
    source: address,
    sourcePort: port,
    destination: target.address,
    destinationPort: target.port,
  };
  return socket;
}

/** Sends one datagram and gives the first one back that `accept` takes; `error` of the socket rejects. */
export function exchangeDatagrams(
  socket: Socket,
  payload: Uint8Array,
  accept: (datagram: Uint8Array) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (datagram) => {
      try {
        if (accept(datagram)) resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.send(payload, (error) => {
      if (error) reject(error);
    });
  });
}
