// Opens this party's end of a channel: connects, or waits for the peer.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { invariant } from '../../../base/invariant.ts';
import type { ChannelTuple, ScriptChannel } from '../../../model/script.ts';
import type { Operation } from '../../../traffic/failure.ts';
import { connectStream } from './connect-stream.ts';
import type { Channel, Tell } from './channel.ts';
import { connectDatagrams } from './datagram-channel.ts';
import type { DatagramListener } from './datagram-listener.ts';
import type { Security } from './security.ts';
import { createStreamChannel } from './stream-channel.ts';
import type { StreamListener } from './stream-listener.ts';

/** Where an end waits for its peer. */
export type Door =
  | { readonly kind: 'stream'; readonly listener: StreamListener }
  | { readonly kind: 'datagrams'; readonly listener: DatagramListener };

export interface Opening {
  readonly channel: number;
  readonly spec: ScriptChannel;
  readonly transport: 'tcp' | 'udp' | 'tls' | 'unix';
  /** Of the end that waits; null at the one that connects. */
  readonly door: Door | null;
  /** Of `unix`. */
  readonly path: string | null;
  /** Of `tls`. */
  readonly security: Security | null;
  readonly tell: Tell;
  readonly onOpen: (channel: Channel) => void;
  readonly onFailure: (error: unknown, operation: Operation) => void;
}

/** The function given back gives the opening up. */
export function openChannel(opening: Opening): () => void {
  const { channel, spec, door, tell, onOpen, onFailure } = opening;
  if (door?.kind === 'datagrams') return door.listener.wait(channel, spec, tell, onOpen);
  if (door)
    return door.listener.wait({
      source: spec.source,
      take: (socket) => void establish(socket, opening),
    });
  if (opening.transport === 'udp') {
    let isAbandoned = false;
    connectDatagrams(channel, spec, tell).then(
      (opened) => {
        if (isAbandoned) opened.abort();
        else onOpen(opened);
      },
      (error: unknown) => onFailure(error, 'connect'),
    );
    return () => {
      isAbandoned = true;
    };
  }
  const connecting = connectStream(spec, opening.path);
  connecting.connected.then(
    (socket) => void establish(socket, opening),
    (error: unknown) => onFailure(error, 'connect'),
  );
  return connecting.abandon;
}

async function establish(socket: Socket, opening: Opening): Promise<void> {
  const { channel, transport, tell, door } = opening;
  socket.on('error', () => undefined);
  const tuple = transport === 'unix' ? null : tupleOf(channel, socket, door !== null);
  try {
    const stream = transport === 'tls' ? await secure(socket, opening) : socket;
    opening.onOpen(createStreamChannel({ channel, socket, stream, tuple, tell }));
  } catch (error) {
    socket.destroy();
    opening.onFailure(error, 'tls_handshake');
  }
}

function secure(socket: Socket, { security, door }: Opening): Promise<Duplex> {
  invariant(security, 'A TLS channel comes with what secures it');
  return door ? security.accept(socket) : security.connect(socket);
}

/** As the end that began it has it. */
function tupleOf(channel: number, socket: Socket, isAccepted: boolean): ChannelTuple {
  const own = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  const peer = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const [source, destination] = isAccepted ? [peer, own] : [own, peer];
  return {
    channel,
    protocol: 'tcp',
    source: source.address,
    sourcePort: source.port,
    destination: destination.address,
    destinationPort: destination.port,
  };
}
