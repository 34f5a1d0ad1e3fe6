// What a copy's SYN offers where the client's own was not seen: a connection that was open before the mirror was.
import type { MirrorSpec } from '../../model/mirror.ts';
import type { PacketView } from '../../wire/packet.ts';
import { type TcpOptionValues, readTcpOptions } from '../../wire/tcp-options.ts';

/** By which our windows are scaled, as Linux does with 64 KiB to 6 MiB of buffer. */
const SHIFT = 7;

/** Everything that we can do; timestamps where the client uses them. */
export function offerInPlaceOf(
  view: PacketView,
  { spec }: { readonly spec: Pick<MirrorSpec, 'limits'> },
): TcpOptionValues {
  const headers = view.version === 4 ? 40 : 60;
  return {
    maximumSegmentSize: spec.limits.mtu - headers,
    windowScale: SHIFT,
    sackPermitted: true,
    sack: [],
    timestamps: readTcpOptions(view.tcpOptions).timestamps,
    md5: null,
  };
}
