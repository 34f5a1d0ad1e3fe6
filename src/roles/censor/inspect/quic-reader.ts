// Finds the ClientHello in a client's QUIC Initial packets (RFC 9000, RFC 9001): in one CRYPTO frame, or put together over several frames,
// packets and datagrams. Of what else a connection says nothing can be read.
import type { CensorReassembly } from '../../../model/censor.ts';
import { type CryptoFrame, readCryptoFrames } from '../../../wire/quic/frames.ts';
import { type QuicLongHeader, readLongHeader, startsLikeQuic } from '../../../wire/quic/header.ts';
import { type InitialKeys, deriveInitialKeys } from '../../../wire/quic/initial-keys.ts';
import { type OpenedInitial, openInitial } from '../../../wire/quic/initial.ts';
import { readHandshakeHello } from '../../../wire/tls.ts';
import { CryptoStream } from './crypto-stream.ts';
import type { Message } from './message.ts';

/** Coalesced packets of one datagram that are looked at; real ones have up to four. */
const MAX_PACKETS = 16;
/** Connections of one flow that are followed at once: a Retry makes a second of the first (RFC 9001 section 5.2). */
const MAX_CONNECTIONS = 4;

/** A client's Initials that are protected by the same keys. */
interface Connection {
  readonly version: number;
  readonly destinationId: Uint8Array;
  readonly keys: InitialKeys;
  largest: number;
  /** Null once its hello is known. */
  crypto: CryptoStream | null;
}

export class QuicReader {
  readonly #reassembly: CensorReassembly;
  /** Latest last. */
  #connections: Connection[] = [];

  constructor(reassembly: CensorReassembly) {
    this.#reassembly = reassembly;
  }

  /** Adds the hellos that a datagram completes to `messages`. False when it told nothing new. */
  read(memory: Uint8Array, start: number, end: number, messages: Message[]): boolean {
    if (!startsLikeQuic(memory, start, end)) return false;
    let isNew = false;
    let at = start;
    for (let packets = 0; packets < MAX_PACKETS && at < end; packets += 1) {
      const header = readLongHeader(memory, at, end);
      if (header === null) break;
      if (header.type === 'initial' && this.#readInitial(memory, at, header, messages))
        isNew = true;
      at = header.end;
    }
    return isNew;
  }

  #readInitial(
    memory: Uint8Array,
    start: number,
    header: QuicLongHeader,
    messages: Message[],
  ): boolean {
    const [connection, opened] = this.#open(memory, start, header);
    if (connection === null || opened === null) return false;
    connection.largest = Math.max(connection.largest, opened.packetNumber);
    const { crypto } = connection;
    const frames = readCryptoFrames(opened.payload);
    if (crypto === null || frames === null) return false;
    if (!this.#reassembly.quicCrypto) return readApart(frames, header, messages);
    let isNew = false;
    for (const frame of frames) if (crypto.add(frame)) isNew = true;
    const reading = readHandshakeHello(crypto.inOrder);
    if (reading === 'more') return isNew;
    connection.crypto = null;
    if (reading === 'other') return false;
    messages.push({ layer: 'quic', version: header.version, hello: reading });
    return true;
  }

  /** The packet's connection and what it holds: one that is followed, or, if its keys fit, a new one. */
  #open(memory: Uint8Array, start: number, header: QuicLongHeader): Opened {
    const known = this.#connections.find((connection) => isOf(connection, header));
    if (known?.crypto === null) return NOT_OPENED;
    if (known) return [known, openInitial(memory, start, header, known.keys, known.largest)];
    const connection = this.#begin(header);
    const opened = openInitial(memory, start, header, connection.keys, connection.largest);
    if (opened !== null) {
      if (this.#reassembly.quicCrypto)
        this.#connections = [...this.#connections, connection].slice(-MAX_CONNECTIONS);
      return [connection, opened];
    }
    // Once the server has answered, its choice of a connection ID is written; the keys stay.
    for (const other of this.#connections) {
      if (other.crypto === null) continue;
      const found = openInitial(memory, start, header, other.keys, other.largest);
      if (found !== null) return [other, found];
    }
    return NOT_OPENED;
  }

  #begin({ version, destinationId }: QuicLongHeader): Connection {
    return {
      version,
      destinationId: destinationId.slice(),
      keys: deriveInitialKeys(version, destinationId, 'client'),
      largest: -1,
      crypto: new CryptoStream(this.#reassembly),
    };
  }
}

/** Reads each frame by itself. */
function readApart(
  frames: readonly CryptoFrame[],
  { version }: QuicLongHeader,
  messages: Message[],
): boolean {
  for (const { offset, data } of frames) {
    const reading = offset === 0 ? readHandshakeHello(data) : 'other';
    if (reading === 'more' || reading === 'other') continue;
    messages.push({ layer: 'quic', version, hello: reading });
    return true;
  }
  return false;
}

type Opened = readonly [connection: Connection | null, opened: OpenedInitial | null];
const NOT_OPENED: Opened = [null, null];

const isOf = (connection: Connection, { version, destinationId }: QuicLongHeader): boolean =>
  connection.version === version &&
  connection.destinationId.length === destinationId.length &&
  connection.destinationId.every((byte, index) => byte === destinationId[index]);
