// What is heard of a lab's mirror: told to the runner as events, so many of each kind, and written to its log.
import type { Fault } from '../../base/fault.ts';
import { describeMirror, describeMirrorNews } from '../../model/describe-mirror.ts';
import type { MirrorNews, MirrorRecord } from '../../model/mirror-record.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { type LogFile, logLine, openLog } from '../endpoint/log-file.ts';
import type { MirrorListener } from './mirror-thread.ts';
import type { MirrorFigures } from './order.ts';

/** Events of each kind that the runner is told; the log has all. */
const MOST_EVENTS = 10_000;

export class MirrorReporter implements MirrorListener {
  readonly #mirror: PlanMirror;
  readonly #log: LogFile;
  readonly #emit: (event: AgentEvent) => void;
  readonly #told = { opened: 0, failed: 0, ended: 0, refused: 0 };
  #record: MirrorRecord | null = null;

  /** `node`: whose log it is. */
  constructor(
    mirror: PlanMirror,
    {
      node,
      logs,
      emit,
    }: {
      readonly node: string;
      readonly logs: string;
      readonly emit: (event: AgentEvent) => void;
    },
  ) {
    this.#mirror = mirror;
    this.#log = openLog(logs, node, mirror.name);
    this.#emit = emit;
  }

  news(news: readonly MirrorNews[]): void {
    // One write for all: a busy mirror tells thousands a second.
    this.say(news.map(describeMirrorNews).join('\n'));
    for (const one of news) this.#tell(one);
  }

  figures({ statistics, comparison }: MirrorFigures): void {
    const { name, online, target, assistant } = this.#mirror;
    const ends = { online: online.node, target: target.node, assistant };
    this.#record = { name, ...ends, statistics, comparison };
    this.#emit({ kind: 'mirror-statistics', time: nowMicros(), ...this.#record });
  }

  /** Packets of the target that came to clients here, at the end. Where the online server is elsewhere, no record has them. */
  leaked(count: number): void {
    if (this.#record === null) {
      this.loss('lab', count, 'packets of the target came to clients');
      return;
    }
    const { statistics, comparison } = this.#record;
    const packets = { ...statistics.packets, leaked: statistics.packets.leaked + count };
    this.figures({ statistics: { ...statistics, packets }, comparison });
  }

  loss(place: string, count: number, what: string): void {
    const said = `mirror "${this.#mirror.name}": ${what}`;
    this.say(`${count} ${what}`);
    this.#emit({ kind: 'loss', time: nowMicros(), place, count, what: said, isDeclared: false });
  }

  broken({ kind, message, help }: Fault): void {
    const fault = {
      kind,
      message: `The mirror "${this.#mirror.name}" broke: ${message}`,
      ...(help !== undefined && { help }),
    };
    this.#emit({ kind: 'broken', time: nowMicros(), fault });
  }

  say(line: string): void {
    logLine(this.#log, line);
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    if (this.#record) this.say(describeMirror(this.#record).replaceAll('\n', '; '));
    return this.#log.close();
  }

  #tell(news: MirrorNews): void {
    this.#told[news.kind] += 1;
    if (this.#told[news.kind] > MOST_EVENTS) return;
    const { name: mirror, online } = this.#mirror;
    this.#emit({ kind: 'mirror', node: online.node, mirror, time: Math.floor(news.time), news });
    if (this.#told[news.kind] === MOST_EVENTS)
      this.say(`${MOST_EVENTS} of kind ${news.kind} are told; further ones are here alone`);
  }
}
