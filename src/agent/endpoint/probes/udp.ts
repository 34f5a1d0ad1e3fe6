import { echoPayload } from '../../../traffic/echo.ts';
import type { ProbeSpec } from '../../../model/traffic.ts';
import { closeDatagrams } from '../close-datagrams.ts';
import type { Measurement } from '../measurement.ts';
import { checkEcho } from './check-echo.ts';
import { connectUdp, exchangeDatagrams } from './udp-socket.ts';

type UdpProbe = Extract<ProbeSpec, { kind: 'udp' }>;

/** Sends one datagram of `size` bytes and waits for the same back. */
export async function probeUdp(probe: UdpProbe, measurement: Measurement): Promise<void> {
  const socket = await connectUdp(probe.target, measurement);
  measurement.operation = 'read';
  await exchangeDatagrams(socket, echoPayload(0, probe.size), (datagram) => {
    measurement.mark('response');
    measurement.received += datagram.length;
    checkEcho(datagram, 0);
    return true;
  });
  closeDatagrams(socket);
}
