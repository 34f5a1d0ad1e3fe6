import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { type MadePacket, handshake, segment, text } from './made-capture.ts';

const { FIN, ACK } = TCP_FLAG;

/** A request of 5 bytes, an answer of 6, and both FINs. */
export const EXCHANGE: readonly MadePacket[] = [
  ...handshake(0),
  segment(10, 'client', { sequence: 1, acknowledgment: 1, payload: text('hello') }),
  segment(11, 'server', { flags: ACK, sequence: 1, acknowledgment: 6 }),
  segment(15, 'server', { sequence: 1, acknowledgment: 6, payload: text('answer') }),
  segment(16, 'client', { flags: ACK | FIN, sequence: 6, acknowledgment: 7 }),
  segment(17, 'server', { flags: ACK | FIN, sequence: 7, acknowledgment: 7 }),
  segment(18, 'client', { flags: ACK, sequence: 7, acknowledgment: 8 }),
];
