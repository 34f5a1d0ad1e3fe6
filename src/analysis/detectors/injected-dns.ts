// DNS answers that the server never sent. Off the path they race the real one: the resolver takes whichever comes first.
import { type AlignedFlow, type Trajectory, errorBetween } from '../aligned.ts';
import { dnsId } from '../describe-packet.ts';
import type { Detector } from '../finding.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { DNS_TYPE, formatRcode, parseDns } from '../../wire/dns.ts';
import { type Injection, injectionFinding, injectionsOf } from './injection.ts';

const DNS_PORT = 53;
const RESPONSE_BIT = 0x80;

/** A DNS response over UDP from the server's side. */
export const isDnsAnswer = ({ tuple, observation }: AlignedFlow, packet: SeenPacket): boolean =>
  tuple.protocol === 'udp' &&
  !packet.forward &&
  (tuple.destinationPort === DNS_PORT || observation.probe === 'dns') &&
  ((packet.payload()[2] ?? 0) & RESPONSE_BIT) !== 0;

export const detectInjectedDns: Detector = (flow) => {
  const forged = injectionsOf(flow, (packet) => isDnsAnswer(flow, packet));
  const [first] = forged;
  if (!first) return null;
  const remark = outrun(flow, forged, first) ? ', after the real one' : '';
  return injectionFinding(
    flow,
    'injected-dns',
    forged,
    describeAnswer(first.trajectory.packet),
    remark,
  );
};

/** Whether a real answer to the same query came to the client before every forged one. */
function outrun(flow: AlignedFlow, forged: readonly Injection[], first: Injection): boolean {
  const arrival = ({ sightings, packet, last }: Trajectory): number =>
    sightings[last]?.time ?? packet.time;
  const id = dnsId(first.trajectory.packet);
  const real = flow.reverse.trajectories.filter(
    (one) =>
      isDnsAnswer(flow, one.packet) &&
      dnsId(one.packet) === id &&
      forged.every(({ trajectory }) => trajectory !== one) &&
      one.last === flow.reverse.points.length - 1,
  );
  return real.some((one) =>
    forged.every(
      ({ trajectory }) =>
        arrival(one) + errorBetween(flow.reverse, one.last, trajectory.last) < arrival(trajectory),
    ),
  );
}

/** `DNS answer 10.9.9.9`, `DNS answer NXDOMAIN`. */
export function describeAnswer(packet: SeenPacket): string {
  const message = parseDns(packet.payload());
  if (!message.ok) return 'DNS answer';
  const addresses = message.value.answers
    .filter(({ type }) => type === DNS_TYPE.A || type === DNS_TYPE.AAAA)
    .map(({ value }) => value);
  const words = addresses.length > 0 ? addresses : [formatRcode(message.value.rcode)];
  return `DNS answer ${words.join(', ')}`;
}
