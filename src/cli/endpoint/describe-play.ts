// Plays of one party as text. Pure.
import { formatBytes, formatMillis } from '../../base/units.ts';
import type { ScriptEndpoint, ScriptTransport, PartyReport } from '../../model/script.ts';
import type { PartyOrder } from './order.ts';

/** `play 3: ok, 38 B sent, 43 B received, 61.0 ms`. */
export function describePlay(number: number, report: PartyReport): string {
  const { sent, received, start, end } = report;
  const amounts = `${formatBytes(sent)} sent, ${formatBytes(received)} received`;
  return `play ${number}: ${outcomeOf(report)}, ${amounts}, ${formatMillis((end - start) / 1000)}`;
}

function outcomeOf({ failure, step, detail = '' }: PartyReport): string {
  if (failure === null) return 'ok';
  const place = step === null ? '' : ` at step ${step}`;
  return `${failure}${place}${detail === '' || failure.includes(detail) ? '' : ` (${detail})`}`;
}

/** `client of "innocent" connects from 192.0.2.1 port 12346 to 192.0.2.2 port 8081 over tcp`. */
export function describeParty({ party, isListening, order }: PartyOrder): string {
  const { flow, spec, socket } = order;
  const who = `${party} of "${flow}"`;
  if (socket !== null) return `${who} ${isListening ? 'listens on' : 'connects to'} ${socket}`;
  const [channel] = spec.channels;
  if (!channel) return who;
  const { source, destination } = channel;
  const [own, peer] = isListening ? [destination, source] : [source, destination];
  const over = ` over ${spec.transport}`;
  return isListening
    ? `${who} waits at ${place(own, spec.transport)} for ${place(peer, spec.transport)}${over}`
    : `${who} connects from ${place(own, spec.transport)} to ${place(peer, spec.transport)}${over}`;
}

function place({ address, port }: ScriptEndpoint, transport: ScriptTransport): string {
  if (transport === 'raw-ip') return address;
  return port === 0 ? `${address}, any port` : `${address} port ${port}`;
}

/** `5 plays, all ok, 190 B sent, 215 B received`. */
export function describePlays(plays: readonly PartyReport[]): string {
  const failed = plays.filter(({ failure }) => failure !== null);
  const [first] = failed;
  const total = (of: (play: PartyReport) => number): number =>
    plays.reduce((sum, play) => sum + of(play), 0);
  const count = plays.length === 1 ? '1 play' : `${plays.length} plays`;
  const outcome = first
    ? `${failed.length} failed, the first with ${outcomeOf(first)}`
    : `${plays.length === 0 ? 'none' : 'all'} ok`;
  const sent = total((play) => play.sent);
  const received = total((play) => play.received);
  return `${count}, ${outcome}, ${formatBytes(sent)} sent, ${formatBytes(received)} received`;
}
