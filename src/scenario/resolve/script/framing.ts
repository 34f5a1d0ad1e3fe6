// `segments` and `flush` → how the bytes of a send leave.
import type { ScriptAction } from '../../../model/scenario-file.ts';
import type { ScriptTransport, SendInstruction } from '../../../model/script.ts';
import { isDatagram } from '../../../model/script-transport.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { counted } from '../../text.ts';
import type { SizedPayload } from './payload.ts';

/** RFC 8446 section 5.1: the plaintext of a record. */
const TLS_RECORD = 16_384;
/** RFC 7323 appendix A: what the timestamps take of each segment of the kernel's. */
const TIMESTAMPS = 12;
/** Header, content type and tag of a TLS 1.3 record. */
const TLS_OVERHEAD = 22;

/** Undefined, with a report, when the bytes cannot leave so. */
export function resolveFraming(
  context: Context,
  { segments, flush }: ScriptAction,
  { size, exact }: SizedPayload,
  transport: ScriptTransport,
  mss: number,
  path: Path,
): SendInstruction['framing'] | undefined {
  if (segments === undefined && flush !== true) return 'stream';
  const key = segments === undefined ? 'flush' : 'segments';
  const at = [...path, key];
  if (isDatagram(transport)) {
    context.report('S156', at, `The key "${key}" does not go with the transport "${transport}"`, {
      key: true,
      help: 'Each send is a datagram of its own',
    });
    return undefined;
  }
  const largest = largestSegment(transport, mss);
  if (segments === undefined) return size > largest ? Math.ceil(size / largest) : [];
  if (typeof segments === 'number') {
    if (exact && segments > size) {
      context.report(
        'S156',
        at,
        `${counted(size, 'byte')} cannot leave in ${counted(segments, 'segment')}`,
      );
      return undefined;
    }
    return checkLargest(context, Math.ceil(size / segments), largest, mss, at)
      ? segments
      : undefined;
  }
  const sum = segments.reduce((total, next) => total + next, 0);
  if (exact && sum > size) {
    context.report(
      'S156',
      at,
      `Segments of ${counted(sum, 'byte')} are more than the ${counted(size, 'byte')} of the payload`,
      {
        help: 'The sizes may be less than it in all: what is left is one more segment',
      },
    );
    return undefined;
  }
  const rest = exact && size > sum ? [size - sum] : [];
  const sizes = [...segments, ...rest];
  return checkLargest(context, Math.max(...sizes), largest, mss, at) ? sizes : undefined;
}

/** Bytes that one segment carries at most, by what the connection takes of it. */
export function largestSegment(transport: ScriptTransport, mss: number): number {
  switch (transport) {
    case 'tcp':
      return mss - TIMESTAMPS;
    case 'tls':
      return Math.min(TLS_RECORD, mss - TIMESTAMPS - TLS_OVERHEAD);
    case 'unix':
      return Infinity;
    case 'udp':
    case 'raw-tcp':
    case 'raw-udp':
    case 'raw-ip':
      return mss;
  }
}

function checkLargest(
  context: Context,
  size: number,
  largest: number,
  mss: number,
  path: Path,
): boolean {
  if (size <= largest) return true;
  context.report(
    'S156',
    path,
    `A segment of ${size} bytes does not fit the way: at most ${largest} bytes do (MSS ${mss})`,
    { help: `Ask for more segments, or give the networks a larger "mtu"` },
  );
  return false;
}
