import { once } from 'node:events';
import type { Socket as UdpSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Server } from 'node:net';
import { Fault } from '../../../base/fault.ts';
import type { Service } from '../../../model/traffic.ts';

/** Listens on one address; resolves when the kernel accepts connections there. */
export async function listenTcp(
  server: Server,
  service: Service,
  address: string,
  port: number = service.serve.port,
): Promise<void> {
  // Another server may listen on the IPv4 wildcard or an address of the other family at the same port.
  server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address), backlog: 4096 });
  await listening(once(server, 'listening'), service, `tcp ${address} port ${port}`);
}

/** Binds a UDP socket; resolves when datagrams are received there. */
export async function bindUdp(socket: UdpSocket, service: Service, address: string): Promise<void> {
  socket.bind({ address, port: service.serve.port, exclusive: true });
  await listening(once(socket, 'listening'), service, `udp ${address} port ${service.serve.port}`);
}

const HELP: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Give one of the services, or the program that listens there, another port',
  EADDRNOTAVAIL: 'Listen only on addresses that the node has',
  EACCES: 'Use a port from 1024, or run with the privilege to bind lower ones',
};

async function listening(event: Promise<unknown>, service: Service, place: string): Promise<void> {
  try {
    await event;
  } catch (error) {
    const { name, on } = service;
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Fault('run', `Service "${name}" on "${on}" cannot listen on ${place}: ${reason}`, {
      cause: error,
      ...(Object.hasOwn(HELP, code) ? { help: HELP[code] } : {}),
    });
  }
}
