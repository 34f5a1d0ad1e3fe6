import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Service } from '../../../model/traffic.ts';
import type { LogFile } from '../log-file.ts';
import { bindUdp } from './listen.ts';
import { logCounters, newCounters } from './running-service.ts';
import type { RunningService } from './running-service.ts';

/** Answers datagrams on every address of a service; `answer` gives null for those that deserve none. */
export async function startUdpServer(
  service: Service,
  log: LogFile,
  answer: (datagram: Uint8Array) => Uint8Array | null,
): Promise<RunningService> {
  const counters = newCounters();
  const sockets = service.addresses.map((address) =>
    createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', ipv6Only: isIPv6(address) }),
  );
  for (const socket of sockets)
    socket.on('message', (datagram, peer) => {
      counters.accepted += 1;
      counters.received += datagram.length;
      const reply = answer(datagram);
      if (!reply) {
        counters.failed += 1;
        return;
      }
      socket.send(reply, peer.port, peer.address, (error) => {
        if (error) counters.failed += 1;
        else counters.sent += reply.length;
      });
    });
  await Promise.all(
    sockets.map((socket, index) => bindUdp(socket, service, service.addresses[index] ?? '')),
  );
  // An ICMP error that answers a reply concerns that reply alone.
  for (const socket of sockets)
    socket.on('error', () => {
      counters.failed += 1;
    });
  return {
    close: async () => {
      await Promise.all(
        sockets.map(
          (socket) =>
            new Promise<void>((resolve) => {
              socket.close(() => resolve());
            }),
        ),
      );
      logCounters(log, 'datagrams', counters);
    },
  };
}
