// The answers of both servers to the same requests, paired, with what differs and how long each took. It is told words (`mirror-port.ts`) and
// tells differences.
import { LogHistogram } from '../../../base/log-histogram.ts';
import type {
  AnswerDifference,
  CompareStatistics,
  LatencySummary,
} from '../../../model/mirror-compare.ts';
import type { MirrorSpec } from '../../../model/mirror.ts';
import type { Words } from '../mirror-port.ts';
import { type FoundDifference, comparedAnswer, differenceOf } from './difference.ts';
import { type Answered, Side } from './side.ts';

/** Answers of one session that wait for their twins; what comes beyond is counted by nobody's answer. */
const LIMIT = 10_000;

interface Waiting extends Answered {
  readonly request: number;
  /** Copies that have not answered it yet. */
  left: number;
}

interface Track {
  readonly side: Side;
  connection: number;
  /** Answers of the target to which the online server has said nothing yet. */
  readonly ahead: Map<string, Answered>;
  /** Answers of the online server that were paired. */
  readonly paired: Set<string>;
}

interface Dialogue {
  readonly online: Side;
  readonly answers: Map<string, Waiting>;
  readonly tracks: Map<number, Track>;
  requests: number;
  ended: number;
}

type CompareOptions = Pick<MirrorSpec, 'compare' | 'hook' | 'multiply'>;

export class Comparison {
  readonly #options: CompareOptions;
  readonly #ignored: ReadonlySet<string>;
  readonly #dialogues = new Map<number, Dialogue>();
  readonly #differences: AnswerDifference[] = [];
  readonly #latency = { online: new LogHistogram(), target: new LogHistogram() };
  readonly #counts = { pairs: 0, different: 0, missing: 0, extra: 0, unread: 0, faults: 0 };

  constructor(options: CompareOptions) {
    this.#options = options;
    this.#ignored = new Set(options.compare?.ignoreHeaders ?? []);
  }

  heard(words: Words): void {
    const { bytes, length, time, session } = words;
    const dialogue = this.#dialogue(session);
    switch (words.from) {
      case 'client':
        if (bytes !== null) dialogue.online.said(bytes, this.#turn(words), time);
        return;
      case 'online':
        dialogue.online.answered(bytes, length, time);
        return;
      case 'copy': {
        const track = this.#track(words, dialogue);
        if (track.connection !== words.connection) this.#restart(track, words);
        if (bytes !== null) track.side.said(bytes, this.#turn(words), time);
        return;
      }
      case 'target': {
        const track = this.#track(words, dialogue);
        if (words.isEnd) this.#endCopy(track, words, dialogue);
        else track.side.answered(bytes, length, time);
      }
    }
  }

  statistics(): CompareStatistics {
    return {
      ...this.#counts,
      differences: this.#differences,
      latency: {
        online: summarise(this.#latency.online),
        target: summarise(this.#latency.target),
      },
    };
  }

  /** A session with a hook says other words than its client, in one connection: there requests are told by their order alone. */
  #turn({ turn }: Words): number {
    return this.#options.hook === null ? turn : 1;
  }

  #dialogue(session: number): Dialogue {
    const known = this.#dialogues.get(session);
    if (known) return known;
    const dialogue: Dialogue = {
      online: this.#side((answered) => this.#answeredOnline(session, dialogue, answered)),
      answers: new Map(),
      tracks: new Map(),
      requests: 0,
      ended: 0,
    };
    this.#dialogues.set(session, dialogue);
    return dialogue;
  }

  #track({ session, copy }: Words, dialogue: Dialogue): Track {
    const known = dialogue.tracks.get(copy);
    if (known) return known;
    const track: Track = {
      side: this.#side((answered) => {
        this.#latency.target.add(answered.answer.firstByte, 1);
        const twin = dialogue.answers.get(answered.place);
        if (twin !== undefined) this.#pair(session, copy, dialogue, track, twin, answered);
        else if (track.ahead.size < LIMIT) track.ahead.set(answered.place, answered);
      }),
      connection: 0,
      ahead: new Map(),
      paired: new Set(),
    };
    dialogue.tracks.set(copy, track);
    return track;
  }

  #side(tell: (answered: Answered) => void): Side {
    return new Side(this.#options.compare?.protocol ?? 'bytes', tell);
  }

  #answeredOnline(session: number, dialogue: Dialogue, answered: Answered): void {
    dialogue.requests += 1;
    this.#latency.online.add(answered.answer.firstByte, 1);
    if (dialogue.answers.size >= LIMIT) return;
    const waiting = { ...answered, request: dialogue.requests, left: this.#options.multiply };
    dialogue.answers.set(answered.place, waiting);
    for (const [copy, track] of dialogue.tracks) {
      const twin = track.ahead.get(answered.place);
      if (twin !== undefined) this.#pair(session, copy, dialogue, track, waiting, twin);
    }
  }

  #pair(
    session: number,
    copy: number,
    dialogue: Dialogue,
    track: Track,
    online: Waiting,
    target: Answered,
  ): void {
    const { place, asked, request } = online;
    track.ahead.delete(place);
    if (track.paired.has(place)) return;
    track.paired.add(place);
    online.left -= 1;
    if (online.left === 0) {
      dialogue.answers.delete(place);
      for (const each of dialogue.tracks.values()) each.paired.delete(place);
    }
    this.#counts.pairs += 1;
    if (online.answer.content === null || target.answer.content === null) this.#counts.unread += 1;
    const found = differenceOf(online.answer, target.answer, this.#ignored);
    if (found === null) return;
    this.#counts.different += 1;
    this.#list({ session, copy, request, asked }, found, online, target);
  }

  /** The copy speaks in another connection. */
  #restart(track: Track, { connection, time }: Words): void {
    track.connection = connection;
    if (track.side.fault !== null) this.#counts.faults += 1;
    track.side.restart(time);
  }

  #endCopy(track: Track, { session, copy, time }: Words, dialogue: Dialogue): void {
    dialogue.online.ended(time);
    track.side.ended(time);
    if (track.side.fault !== null) this.#counts.faults += 1;
    for (const online of [...dialogue.answers.values()]) {
      if (track.paired.has(online.place)) continue;
      this.#counts.missing += 1;
      const { request, asked } = online;
      const found = { what: 'missing', detail: 'the target did not answer' } as const;
      this.#list({ session, copy, request, asked }, found, online, null);
    }
    for (const target of track.ahead.values()) {
      this.#counts.extra += 1;
      const found = { what: 'extra', detail: 'the online server did not answer' } as const;
      const at = { session, copy, request: 0, asked: target.asked };
      this.#list(at, found, null, target);
    }
    dialogue.ended += 1;
    if (dialogue.ended < this.#options.multiply) return;
    if (dialogue.online.fault !== null) this.#counts.faults += 1;
    this.#dialogues.delete(session);
  }

  #list(
    at: Pick<AnswerDifference, 'session' | 'copy' | 'request' | 'asked'>,
    found: FoundDifference,
    online: Answered | null,
    target: Answered | null,
  ): void {
    if (this.#differences.length >= (this.#options.compare?.limit ?? 0)) return;
    this.#differences.push({
      ...at,
      ...found,
      online: online === null ? null : comparedAnswer(online.answer),
      target: target === null ? null : comparedAnswer(target.answer),
    });
  }
}

const summarise = (histogram: LogHistogram): LatencySummary => ({
  count: histogram.total,
  p50: histogram.quantile(0.5),
  p90: histogram.quantile(0.9),
  p99: histogram.quantile(0.99),
  buckets: histogram.buckets(),
});
