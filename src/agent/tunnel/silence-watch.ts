// Which paths of a tunnel are silent, from looks at what has passed each. Knows no clock.
import type { TunnelPath, TunnelSilence } from '../../model/tunnel.ts';
import type { Passage } from './passages.ts';

/** Packets that may go unanswered by chance: the last of a connection, a keepalive. */
const FEWEST = 5;
/** Microseconds without an answer, while other paths have some. */
const LIMIT = 1_500_000;
/** The same while nothing comes at all: WireGuard answers what goes one way alone after 10 s (KEEPALIVE_TIMEOUT). */
const LONG_LIMIT = 12_000_000;

interface Way {
  sent: number;
  received: number;
  /** Sending that nothing has come upon. */
  asking: Asking | null;
  readonly silences: TunnelSilence[];
}

interface Asking {
  /** When all was well for the last time. */
  readonly from: number;
  /** Packets sent before it. */
  readonly sent: number;
  /** When packets were last sent. */
  at: number;
}

export class SilenceWatch {
  readonly #ways = new Map<string, Way>();
  #looked = 0;
  /** When something came by any path. */
  #heard = 0;

  /** What has passed each path until `time`, microseconds since the epoch, with its share and its silences so far. */
  look(time: number, passages: readonly Passage[]): TunnelPath[] {
    if (passages.some(({ carrier, received }) => received.packets > this.#way(carrier).received))
      this.#heard = time;
    for (const passage of passages) this.#lookAt(time, passage);
    this.#looked = time;
    const all = passages.reduce((sum, { sent, received }) => sum + sent.bytes + received.bytes, 0);
    return passages.map(({ carrier, sent, received }) => {
      const bytes = sent.bytes + received.bytes;
      return {
        ...{ tunnel: carrier, packets: sent.packets + received.packets, bytes },
        share: all === 0 ? 0 : bytes / all,
        silences: [...this.#way(carrier).silences],
      };
    });
  }

  #lookAt(time: number, { carrier, sent, received }: Passage): void {
    const way = this.#way(carrier);
    const hasSent = sent.packets > way.sent;
    if (received.packets > way.received) {
      endSilence(way, time);
      way.asking = null;
    } else if (hasSent) way.asking ??= { from: this.#looked || time, sent: way.sent, at: time };
    way.sent = sent.packets;
    way.received = received.packets;
    const { asking } = way;
    if (asking === null) return;
    if (hasSent) asking.at = time;
    const isSilent = way.silences.at(-1)?.to === null;
    // One that is no longer asked is not expected to answer.
    if (!isSilent && time - asking.at > LONG_LIMIT) way.asking = null;
    const limit = this.#heard > asking.from ? LIMIT : LONG_LIMIT;
    // What was sent just before a switch is answered by another path: it has to go on asking.
    if (!isSilent && asking.at - asking.from >= limit && way.sent - asking.sent >= FEWEST)
      way.silences.push({ from: asking.from, to: null });
  }

  #way(carrier: string): Way {
    const way = this.#ways.get(carrier) ?? { sent: 0, received: 0, asking: null, silences: [] };
    this.#ways.set(carrier, way);
    return way;
  }
}

function endSilence({ silences }: Way, to: number): void {
  const last = silences.at(-1);
  if (last?.to === null) silences[silences.length - 1] = { from: last.from, to };
}
