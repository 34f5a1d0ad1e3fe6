// What is heard of a lab's tunnel: told to the runner as events, and written to its log.
import type { Fault } from '../../base/fault.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { TunnelRecord, TunnelSwitch } from '../../model/tunnel.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { type LogFile, logLine, openLog } from '../endpoint/log-file.ts';
import type { MigrationListener } from './migration-thread.ts';
import type { Passages } from './passages.ts';
import { SilenceWatch } from './silence-watch.ts';

/** Switches that the runner is told one by one; the log has all. */
const MOST_EVENTS = 10_000;
/** Those of them that are in the record, which is told again and again. */
const MOST_RECORDED = 1_000;

/** What is counted anew each time. */
export interface TunnelCount extends Pick<TunnelRecord, 'handshakes'>, Passages {}

/** A tunnel or bundle, and the node of its client. */
export interface TunnelPlace {
  readonly name: string;
  readonly node: string;
}

export interface TunnelHearer extends Pick<TunnelRecord, 'implementation' | 'version'> {
  emit(event: AgentEvent): void;
}

export class TunnelReporter implements MigrationListener {
  readonly #place: TunnelPlace;
  readonly #log: LogFile;
  readonly #hearer: TunnelHearer;
  readonly #watch = new SilenceWatch();
  readonly #switches: TunnelSwitch[] = [];
  #switched = 0;
  #told = '';

  constructor(place: TunnelPlace, logs: string, hearer: TunnelHearer) {
    this.#place = place;
    this.#log = openLog(logs, place.node, place.name);
    this.#hearer = hearer;
    this.say(`is WireGuard of ${hearer.implementation} ${hearer.version}`);
  }

  switched(one: TunnelSwitch): void {
    this.#switched += 1;
    if (this.#switches.length < MOST_RECORDED) this.#switches.push(one);
    this.say(`goes over ${one.to}, which took ${one.micros} us`);
    if (this.#switched > MOST_EVENTS) return;
    const { name: tunnel, node } = this.#place;
    this.#hearer.emit({ kind: 'tunnel-switch', node, tunnel, ...one });
    if (this.#switched === MOST_EVENTS)
      this.say(`${MOST_EVENTS} switches are told; further ones are here alone`);
  }

  /** Tells it when it has changed. */
  counted({ handshakes, ways, leaked }: TunnelCount): void {
    const { implementation, version } = this.#hearer;
    const time = nowMicros();
    const paths = this.#watch.look(time, ways);
    const record: TunnelRecord = {
      ...{ name: this.#place.name, implementation, version, handshakes, paths, leaked },
      ...{ switches: this.#switches, switched: this.#switched },
    };
    const text = JSON.stringify(record);
    if (text === this.#told) return;
    this.#told = text;
    this.#hearer.emit({ kind: 'tunnel-statistics', time, ...record });
  }

  broken({ kind, message, help }: Fault): void {
    const { name, node } = this.#place;
    const fault = {
      kind,
      message: `The migration of tunnel "${name}" on "${node}" broke: ${message}`,
      ...(help !== undefined && { help }),
    };
    this.#hearer.emit({ kind: 'broken', time: nowMicros(), fault });
  }

  say(line: string): void {
    logLine(this.#log, line);
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    return this.#log.close();
  }
}
