// What is heard of a lab's relay: told to the runner as events, so many of each kind, and written to its log.
import type { Fault } from '../../base/fault.ts';
import { describeCounters, describeNews } from '../../model/describe-relay.ts';
import type { PlanProxy } from '../../model/plan.ts';
import type { RelayAudit, RelayFault, RelayStatistics } from '../../model/relay.ts';
import type { RelayEvent } from '../../model/relay-record.ts';
import type { RelayNews } from '../../model/relay-news.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { type LogFile, logLine, openLog } from '../endpoint/log-file.ts';

/** Events of each kind that the runner is told; its log and its audit file have all. */
const MOST_EVENTS = 10_000;

export class RelayReporter {
  readonly #proxy: Pick<PlanProxy, 'name' | 'on'>;
  readonly #log: LogFile;
  readonly #emit: (event: AgentEvent) => void;
  readonly #told = { opened: 0, closed: 0, edit: 0, faults: 0, finding: 0 };
  #statistics: RelayStatistics | null = null;

  constructor(
    proxy: Pick<PlanProxy, 'name' | 'on'>,
    logs: string,
    emit: (event: AgentEvent) => void,
  ) {
    this.#proxy = proxy;
    this.#log = openLog(logs, proxy.on, proxy.name);
    this.#emit = emit;
  }

  news(news: readonly RelayNews[]): void {
    for (const one of news) {
      this.say(describeNews(one));
      const event = eventOf(one);
      if (event !== null) this.#tell(one.time, event);
    }
  }

  /** Lines of the audit file, in its order. */
  audited(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '' || this.#told.edit >= MOST_EVENTS) continue;
      // The relay's own thread wrote it.
      const { time, ...record } = JSON.parse(line) as RelayAudit;
      this.#tell(time, { what: 'edit', line: this.#told.edit + 1, ...record });
    }
  }

  /** Those that are on are told. */
  faults(all: readonly RelayFault[]): void {
    this.#tell(nowMicros(), { what: 'faults', faults: all.filter(({ enabled }) => enabled) });
  }

  statistics(statistics: RelayStatistics): void {
    this.#statistics = statistics;
    const { name, on } = this.#proxy;
    this.#emit({ kind: 'proxy-statistics', time: nowMicros(), name, on, statistics });
  }

  loss(count: number, what: string): void {
    const { name, on: place } = this.#proxy;
    const said = `${what} of the relay ${name}`;
    this.#emit({ kind: 'loss', time: nowMicros(), place, count, what: said, isDeclared: false });
  }

  broken({ kind, message, help }: Fault): void {
    const { name, on } = this.#proxy;
    const fault = {
      kind,
      message: `The relay "${name}" on "${on}" broke: ${message}`,
      ...(help !== undefined && { help }),
    };
    this.#emit({ kind: 'broken', time: nowMicros(), fault });
  }

  say(line: string): void {
    logLine(this.#log, line);
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    if (this.#statistics) this.say(describeCounters(this.#statistics).replaceAll('\n', '; '));
    return this.#log.close();
  }

  #tell(time: number, event: RelayEvent): void {
    this.#told[event.what] += 1;
    if (this.#told[event.what] > MOST_EVENTS) return;
    const { name: relay, on: node } = this.#proxy;
    this.#emit({ kind: 'relay', time, node, relay, ...event });
    if (this.#told[event.what] === MOST_EVENTS)
      this.say(`${MOST_EVENTS} events of kind ${event.what} are told; further ones are here alone`);
  }
}

/** Null for what is of the log alone. */
function eventOf(news: RelayNews): RelayEvent | null {
  switch (news.kind) {
    case 'opened': {
      const { session, client, target } = news;
      return { what: 'opened', session, client, target };
    }
    case 'closed': {
      const { session, reason, upstream, downstream } = news;
      return { what: 'closed', session, reason, upstream, downstream };
    }
    case 'finding': {
      const { session, message, mutation, answer } = news;
      return { what: 'finding', session, message, mutation, answer };
    }
    case 'note':
      return null;
  }
}
