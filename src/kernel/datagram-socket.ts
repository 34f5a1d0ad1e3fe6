// Datagram sockets over UDP that never wait. What fails gives a negative errno.
import { loadNative } from './native.ts';
import { IP_ROOM, type SocketAddress, decodeSocketAddress } from './socket-address.ts';
import {
  type ListenOptions,
  TYPE,
  bindSocket,
  connect,
  opened,
  tellDestinations,
} from './stream-socket.ts';

interface DatagramCalls {
  datagramReceive(fd: number, bytes: Uint8Array, from: Uint8Array, to: Uint8Array): number;
  datagramSend(fd: number, bytes: Uint8Array, to: Uint8Array, from: Uint8Array): number;
}

const native = loadNative() as DatagramCalls;

/** Its descriptor: what arrives tells where it was sent to. Throws as Node does. */
export const listenDatagrams = (address: SocketAddress, { isTransparent }: ListenOptions): number =>
  opened(address, TYPE.datagram, (fd) => {
    tellDestinations(fd, address, isTransparent);
    bindSocket(fd, address, isTransparent);
  });

/** A descriptor whose datagrams come from `address`, whoever's that is. Throws as Node does. */
export const speakAs = (address: SocketAddress): number =>
  opened(address, TYPE.datagram, (fd) => bindSocket(fd, address, true));

/** A descriptor to read and write as a stream's, a datagram each; negative: an error. */
export const connectDatagrams = (address: SocketAddress): number => connect(address, TYPE.datagram);

/** Who sent the last datagram to which address: kept as the kernel gave it, so that an answer goes the same way back. */
export class DatagramWay {
  readonly from: Uint8Array = new Uint8Array(IP_ROOM);
  readonly to: Uint8Array = new Uint8Array(IP_ROOM);

  /** Both addresses as a word to look them up by. */
  get key(): string {
    return String.fromCharCode(...this.from, ...this.to);
  }

  get sender(): SocketAddress | null {
    return decodeSocketAddress(this.from);
  }

  /** Null where the socket did not tell; its port is 0 but for a transparent socket. */
  get destination(): SocketAddress | null {
    return decodeSocketAddress(this.to);
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
