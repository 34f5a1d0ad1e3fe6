// A channel over UDP.
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ChannelTuple, ScriptChannel, ScriptEndpoint } from '../../../model/script.ts';
import { closeDatagrams } from '../close-datagrams.ts';
import type { Channel, Tell } from './channel.ts';
import { toPlayFault } from './fault.ts';
import { retryWhileTaken } from './retry.ts';

/** The end that begins: a socket of its own that hears its peer alone, ICMP errors included. */
export async function connectDatagrams(
  channel: number,
  { source, destination }: ScriptChannel,
  tell: Tell,
): Promise<Channel> {
  const socket = await retryWhileTaken(() => bindDatagrams(source));
  const opened = await new Promise<Socket>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(destination.port, destination.address, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
  opened.on('message', (bytes) => tell({ kind: 'data', channel, bytes }));
  opened.on('error', (error) => tell({ kind: 'failed', fault: toPlayFault(error, 'read') }));
  const { address, port } = opened.address();
  return createDatagramChannel(
    { channel, tell, tuple: tupleOf(channel, { address, port }, destination) },
    (bytes, onSent) => opened.send(bytes, onSent),
    () => closeDatagrams(opened),
  );
}

interface DatagramOptions {
  readonly channel: number;
  readonly tell: Tell;
  readonly tuple: ChannelTuple;
}

export function createDatagramChannel(
  { channel, tell, tuple }: DatagramOptions,
  send: (bytes: Uint8Array, onSent: (error: Error | null) => void) => void,
  close: () => void,
): Channel {
  return {
    tuple,
    obstacle: null,
    send: ({ bytes }) => {
      send(bytes, (error) => {
        if (error) tell({ kind: 'failed', fault: toPlayFault(error, 'write') });
        else tell({ kind: 'sent', channel });
      });
      return 'pending';
    },
    // There is nothing to tell the peer.
    close: () => 'done',
    finish: () => {
      close();
      return Promise.resolve();
    },
    abort: close,
  };
}

/** A socket bound to an address; port 0: the kernel gives one. */
export function bindDatagrams({ address, port }: ScriptEndpoint): Promise<Socket> {
  const isV6 = isIPv6(address);
  const socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', ipv6Only: isV6 });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

export const tupleOf = (
  channel: number,
  source: ScriptEndpoint,
  destination: ScriptEndpoint,
): ChannelTuple => ({
  channel,
  protocol: 'udp',
  source: source.address,
  sourcePort: source.port,
  destination: destination.address,
  destinationPort: destination.port,
});
