// A page in the server's place: proven where the server's own side lacks it, and else told by the headers that carry it.
import type { Signal } from '../../model/verdict.ts';
import type { AlignedFlow } from '../aligned.ts';
import { absentBefore, isHttpResponse, sightingProofs } from '../describe-packet.ts';
import { injectionsOf } from '../detectors/injection.ts';
import { appearance, isFromSender } from '../origin.ts';
import { type SeenPacket, has } from '../seen-packet.ts';
import { suspect } from '../suspect.ts';
import { anomaliesOf, isForgedByHeaders } from './header-anomalies.ts';
import { readResponse } from './http-response.ts';
import { type SignalDetector, named, sightingsAt } from './signal-detector.ts';

export const signalBlockPage: SignalDetector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return [];
  const signal = proven(flow) ?? byHeaders(flow);
  return signal ? [signal] : [];
};

function proven(flow: AlignedFlow): Signal | null {
  const [first] = injectionsOf(flow, (packet) => !packet.forward && isHttpResponse(packet));
  if (!first) return null;
  const { trajectory, gap } = first;
  const [absence] = absentBefore(flow.reverse, gap);
  return {
    kind: 'block-page',
    side: 'client',
    detail: [describePage(trajectory.packet), ...(absence ? [absence.note] : [])].join('; '),
    proof: [...sightingProofs(flow, trajectory), ...absentBefore(flow.reverse, gap)],
    ...named(suspect(flow.plan, gap.stretch)),
  };
}

function byHeaders(flow: AlignedFlow): Signal | null {
  const point = flow.reverse.points.findIndex(({ node }) => node === flow.client);
  const seen = sightingsAt(flow.reverse, point);
  const page = seen.find(({ packet }) => isHttpResponse(packet));
  if (!page || isFromSender(flow.reverse, page.trajectory)) return null;
  if (appearance(flow.reverse, page.trajectory)) return null;
  const anomalies = anomaliesOf(
    page.packet,
    seen.map(({ packet }) => packet),
  );
  if (!isForgedByHeaders(anomalies)) return null;
  const texts = anomalies.map(({ text }) => text);
  return {
    kind: 'block-page',
    side: 'client',
    detail: [describePage(page.packet), ...texts, 'told by headers alone'].join('; '),
    proof: sightingProofs(flow, page.trajectory, texts.join('; ')),
  };
}

/** `HTTP 451 of 56 bytes, Server "censor", in one segment with its FIN`. */
export function describePage(packet: SeenPacket): string {
  const response = readResponse(packet);
  if (!response) return 'HTTP response';
  const { status, fields, body } = response;
  const server = fields.get('server');
  const length = fields.get('content-length');
  return [
    `HTTP ${status} of ${body.length} bytes`,
    server === undefined ? 'no Server' : `Server "${server}"`,
    ...(length !== undefined && isShort(packet, Number(length), body.length)
      ? [`Content-Length ${length}`]
      : []),
    ...(has(packet, 'FIN') ? ['in one segment with its FIN'] : []),
  ].join(', ');
}

/** The segment is the last one, and its body is not as long as it says. */
const isShort = (packet: SeenPacket, told: number, found: number): boolean =>
  has(packet, 'FIN') && told !== found;
