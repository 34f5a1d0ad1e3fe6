// Datagram sockets over UDP that never wait. What fails gives a negative errno.
import { loadNative } from './native.ts';
import { type SocketAddress, decodeSocketAddress } from './socket-address.ts';
import { TYPE, bindSocket, connect, opened, tellDestinations } from './stream-socket.ts';

interface DatagramCalls {
  datagramReceive(fd: number, bytes: Uint8Array, from: Uint8Array, to: Uint8Array): number;
  datagramSend(fd: number, bytes: Uint8Array, to: Uint8Array, from: Uint8Array): number;
}

const native = loadNative() as DatagramCalls;

/** Bytes of sockaddr_in6, which has room for a sockaddr_in. */
const ROOM = 28;

/** Its descriptor: what arrives tells which of our addresses it was sent to. Throws as Node does. */
export const listenDatagrams = (address: SocketAddress): number =>
  opened(address, TYPE.datagram, (fd) => {
    tellDestinations(fd, address);
    bindSocket(fd, address, false);
  });

/** A descriptor to read and write as a stream's, a datagram each; negative: an error. */
export const connectDatagrams = (address: SocketAddress): number => connect(address, TYPE.datagram);

/** Who sent the last datagram to which of our addresses: kept as the kernel gave it, so that an answer goes the same way back. */
export class DatagramWay {
  readonly from: Uint8Array = new Uint8Array(ROOM);
  readonly to: Uint8Array = new Uint8Array(ROOM);

  /** The sender as a word to look it up by. */
  get key(): string {
    return String.fromCharCode(...this.from);
  }

  get sender(): SocketAddress | null {
    return decodeSocketAddress(this.from);
  }

  copy(): DatagramWay {
    const copy = new DatagramWay();
    copy.from.set(this.from);
    copy.to.set(this.to);
    return copy;
  }
}

/** How many bytes came, and by which way; negative: none, or an error. */
export const receiveDatagram = (fd: number, bytes: Uint8Array, way: DatagramWay): number =>
  native.datagramReceive(fd, bytes, way.from, way.to);

/** Back by the way that another came. */
export const answerDatagram = (fd: number, bytes: Uint8Array, way: DatagramWay): number =>
  native.datagramSend(fd, bytes, way.from, way.to);
