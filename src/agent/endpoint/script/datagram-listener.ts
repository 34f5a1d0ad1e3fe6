// Where datagrams come in: one socket for all plays that wait at a place, told apart by where their peers send from.
import type { Socket } from 'node:dgram';
import type { ScriptChannel, ScriptEndpoint } from '../../../model/script.ts';
import { closeDatagrams } from '../close-datagrams.ts';
import type { Channel, Tell } from './channel.ts';
import { bindDatagrams, createDatagramChannel, tupleOf } from './datagram-channel.ts';
import { retryWhileTaken } from './retry.ts';

export interface DatagramListener {
  /** `onOpen` hears once it is known where the peer is; the function given back ends the waiting. */
  wait(
    channel: number,
    spec: ScriptChannel,
    tell: Tell,
    onOpen: (channel: Channel) => void,
  ): () => void;
  /** One play less needs it; the last closes it. */
  release(): void;
}

export interface DatagramListeners {
  open(place: ScriptEndpoint): Promise<DatagramListener>;
}

interface Waiting {
  readonly source: ScriptEndpoint;
  meet(peer: ScriptEndpoint): void;
}

interface Entry {
  readonly socket: Promise<Socket>;
  readonly waiting: Set<Waiting>;
  /** By peer: where its datagrams go. */
  readonly peers: Map<string, (bytes: Uint8Array) => void>;
  /** Datagrams that came before their plays. */
  readonly early: { readonly peer: ScriptEndpoint; readonly bytes: Uint8Array }[];
  users: number;
}

/** Further ones are lost, as in a full buffer of the kernel. */
const EARLY_LIMIT = 1024;

const keyOf = ({ address, port }: ScriptEndpoint): string => `${address} ${port}`;

export function createDatagramListeners(): DatagramListeners {
  const entries = new Map<string, Entry>();

  const start = (place: ScriptEndpoint): Entry => {
    const entry: Entry = {
      socket: retryWhileTaken(() => bindDatagrams(place)),
      waiting: new Set(),
      peers: new Map(),
      early: [],
      users: 0,
    };
    entries.set(keyOf(place), entry);
    entry.socket.then(
      (socket) =>
        socket
          .on('message', (bytes, peer) => deliver(entry, peer, bytes))
          // An ICMP error that answers one datagram concerns that one alone.
          .on('error', () => undefined),
      () => undefined,
    );
    return entry;
  };
  const release = (place: ScriptEndpoint, entry: Entry): void => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entries.get(keyOf(place)) === entry) entries.delete(keyOf(place));
    entry.socket.then(closeDatagrams, () => undefined);
  };
  return {
    open: async (place) => {
      const entry = entries.get(keyOf(place)) ?? start(place);
      entry.users += 1;
      try {
        const socket = await entry.socket;
        return {
          wait: (channel, spec, tell, onOpen) =>
            join(entry, socket, { channel, spec, tell, onOpen }),
          release: () => release(place, entry),
        };
      } catch (error) {
        release(place, entry);
        throw error;
      }
    },
  };
}

function deliver(entry: Entry, peer: ScriptEndpoint, bytes: Uint8Array): void {
  const known = entry.peers.get(keyOf(peer));
  if (known) {
    known(bytes);
    return;
  }
  const waiting = [...entry.waiting];
  const play =
    waiting.find(({ source }) => source.port === peer.port) ??
    waiting.find(({ source }) => source.port === 0);
  if (!play) {
    if (entry.early.length < EARLY_LIMIT) entry.early.push({ peer, bytes });
    return;
  }
  play.meet(peer);
  entry.peers.get(keyOf(peer))?.(bytes);
}

interface Joining {
  readonly channel: number;
  readonly spec: ScriptChannel;
  readonly tell: Tell;
  readonly onOpen: (channel: Channel) => void;
}

function join(entry: Entry, socket: Socket, { channel, spec, tell, onOpen }: Joining): () => void {
  let leave = (): void => undefined;
  const waiting: Waiting = {
    source: spec.source,
    meet: (peer) => {
      entry.waiting.delete(waiting);
      const key = keyOf(peer);
      entry.peers.set(key, (bytes) => tell({ kind: 'data', channel, bytes }));
      leave = () => entry.peers.delete(key);
      onOpen(
        createDatagramChannel(
          { channel, tell, tuple: tupleOf(channel, peer, spec.destination) },
          (bytes, onSent) => socket.send(bytes, peer.port, peer.address, onSent),
          () => leave(),
        ),
      );
    },
  };
  entry.waiting.add(waiting);
  // A peer whose port is fixed can be sent to before it has said anything.
  if (spec.source.port !== 0) waiting.meet(spec.source);
  for (const { peer, bytes } of entry.early.splice(0)) deliver(entry, peer, bytes);
  return () => {
    entry.waiting.delete(waiting);
    leave();
  };
}
