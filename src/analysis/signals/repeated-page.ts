// One page from servers that have nothing in common but a censor in front of them: told by comparing all flows of a run. That two
// servers answer alike is nothing yet; that one of them answers otherwise elsewhere, under another name, is.
import type { Signal } from '../../model/verdict.ts';
import { readHttpRequest } from '../../wire/http.ts';
import type { AlignedFlow } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import { type ReadResponse, pageKey, readResponse } from './http-response.ts';
import { sightingsAt } from './signal-detector.ts';

/** The first response of a connection, and who seems to have given it. */
export interface SeenPage {
  readonly flow: string;
  readonly server: string;
  /** The Host field of the request before it. */
  readonly host: string;
  readonly response: ReadResponse;
  readonly proof: Signal['proof'];
}

export function pagesOf(flow: AlignedFlow): SeenPage[] {
  if (flow.tuple.protocol !== 'tcp') return [];
  const at = (points: AlignedFlow['forward']['points']): number =>
    points.findIndex(({ node }) => node === flow.client);
  for (const { packet, trajectory } of sightingsAt(flow.reverse, at(flow.reverse.points))) {
    const response = readResponse(packet);
    if (!response) continue;
    const requests = sightingsAt(flow.forward, at(flow.forward.points));
    const hosts = requests.flatMap((one) => hostOf(one.packet.payload()) ?? []);
    return [
      {
        flow: flow.observation.flow,
        server: flow.tuple.destination,
        host: hosts[0] ?? '',
        response,
        proof: sightingProofs(flow, trajectory),
      },
    ];
  }
  return [];
}

/** By flow: the page that others got from elsewhere as well, while its own server is known by another name. */
export function signalRepeatedPages(pages: readonly SeenPage[]): Map<string, Signal> {
  const found = new Map<string, Signal>();
  const keyed = distinct(pages);
  for (const [key, page] of keyed) {
    const twin = keyed.find(
      ([other, { server, host }]) => other === key && server !== page.server && host !== page.host,
    )?.[1];
    const own = serverName(page.response);
    const honest = keyed.find(
      ([, other]) => other.server === page.server && serverName(other.response) !== own,
    )?.[1];
    if (!twin || !honest || found.has(page.flow)) continue;
    const detail = [
      `HTTP ${page.response.status}, the same page as ${twin.server} gave for "${twin.host}"`,
      `Server ${own} where flow ${honest.flow} found ${serverName(honest.response)} at ${page.server}`,
    ].join('; ');
    found.set(page.flow, {
      kind: 'block-page',
      side: 'client',
      detail,
      proof: [...page.proof, ...twin.proof, ...honest.proof],
    });
  }
  return found;
}

/** Of the attempts of a flow that got the same page one will do. */
function distinct(pages: readonly SeenPage[]): (readonly [string, SeenPage])[] {
  const kept = new Map<string, readonly [string, SeenPage]>();
  for (const page of pages) {
    const key = pageKey(page.response);
    const place = `${page.flow} ${page.server} ${page.host} ${key}`;
    if (!kept.has(place)) kept.set(place, [key, page]);
  }
  return [...kept.values()];
}

function hostOf(payload: Uint8Array): string | null {
  const reading = readHttpRequest(payload, 0, payload.length);
  return reading.kind === 'request' ? reading.head.host : null;
}

const serverName = ({ fields }: ReadResponse): string => {
  const name = fields.get('server');
  return name === undefined ? 'unnamed' : `"${name}"`;
};
