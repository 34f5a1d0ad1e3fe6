// The options of what the stack sends by itself, in Linux's order and alignment.
import {
  type SackBlock,
  type TcpOptionSpec,
  type TcpOptionValues,
  type TcpTimestamps,
  TCP_OPTIONS_LIMIT,
  emitTcpOptions,
  tcpOptionsLength,
} from '../../../wire/tcp-options.ts';
import type { TcpSettings } from './settings.ts';

/** "The maximum scale exponent is limited to 14" (RFC 7323 section 2.3). */
export const LARGEST_SHIFT = 14;
/** A SACK option is two bytes and eight for each block (RFC 2018 section 3), after two that align it. */
const SACK_HEADER_LENGTH = 4;
const SACK_BLOCK_LENGTH = 8;
const NO_OPERATION: TcpOptionSpec = { kind: 'no-operation' };
const SIGNATURE: TcpOptionSpec = { kind: 'md5', digest: new Uint8Array(16) };

/** Of a SYN; of a SYN+ACK when the peer's offer is given, beyond which it does not go. */
export function openingOptions(
  settings: TcpSettings,
  peer: TcpOptionValues | null,
  timestamps: TcpTimestamps,
): Uint8Array {
  const options: TcpOptionSpec[] = [
    { kind: 'maximum-segment-size', size: settings.maximumSegmentSize },
  ];
  if (settings.sackPermitted && (peer?.sackPermitted ?? true))
    options.push({ kind: 'sack-permitted' });
  if (settings.timestamps && peer?.timestamps !== null)
    options.push({ kind: 'timestamps', ...timestamps });
  if (settings.windowScale && peer?.windowScale !== null)
    options.push(NO_OPERATION, { kind: 'window-scale', shift: scaleFor(settings.receiveBuffer) });
  if (settings.md5Signature) options.push(SIGNATURE);
  return emitTcpOptions(options);
}

/** Of every other segment: as many of the blocks as there is room for. */
export function segmentOptions(
  settings: TcpSettings,
  timestamps: TcpTimestamps | null,
  blocks: readonly SackBlock[],
): Uint8Array {
  const options: TcpOptionSpec[] = [];
  if (settings.md5Signature) options.push(NO_OPERATION, NO_OPERATION, SIGNATURE);
  if (timestamps !== null)
    options.push(NO_OPERATION, NO_OPERATION, { kind: 'timestamps', ...timestamps });
  const room = TCP_OPTIONS_LIMIT - tcpOptionsLength(options) - SACK_HEADER_LENGTH;
  const told = blocks.slice(0, Math.max(0, Math.floor(room / SACK_BLOCK_LENGTH)));
  if (told.length > 0) options.push(NO_OPERATION, NO_OPERATION, { kind: 'sack', blocks: told });
  return emitTcpOptions(options);
}

/** The smallest shift by which a window of so many bytes fits into its field. */
export function scaleFor(bytes: number): number {
  let shift = 0;
  while (shift < LARGEST_SHIFT && bytes >>> shift > 0xffff) shift += 1;
  return shift;
}
