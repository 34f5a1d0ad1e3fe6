// What is done with a message at a hook: which rules it meets, what they do with it as a whole, what they make of its bytes.
import type { HookPoint } from '../../model/relay.ts';
import type { Message, Side } from '../../wire/protocol/contract.ts';
import { carryOut } from './carry-out.ts';
import { HOOKS } from './hook.ts';
import type { LaneHost } from './lane-host.ts';
import { recordOf } from './process/processor.ts';
import type { CompiledRule } from './rules/compiled-rule.ts';
import type { Seat } from './seat.ts';
import type { Shared } from './shared.ts';

/** What is to be done to the bytes of a message. */
interface Deed {
  readonly met: readonly CompiledRule[];
  readonly isFuzzed: boolean;
  readonly nth: number;
}

/** Of the messages that one side of a session sends. */
export class Desk {
  readonly #side: Side;
  readonly #shared: Shared;
  readonly #host: LaneHost;
  /** Offers a seat once more, as it may be ready by then. */
  readonly #retry: (seat: Seat, now: number) => void;
  /** Messages that the fuzzer has looked at, by place and type. */
  readonly #looked = new Map<string, number>();

  constructor(
    side: Side,
    shared: Shared,
    host: LaneHost,
    retry: (seat: Seat, now: number) => void,
  ) {
    this.#side = side;
    this.#shared = shared;
    this.#host = host;
    this.#retry = retry;
  }

  handle(seat: Seat, at: HookPoint, now: number): void {
    const host = this.#host;
    const { hooks, fuzzing, remembered } = this.#shared;
    const isIngress = at === HOOKS[this.#side].ingress;
    host.holds.notice(seat.type, at, now);
    let read: Message | null = null;
    let unread = 0;
    const { bytes } = seat;
    const reading = (): Message => (read ??= this.#shared.protocol.read(bytes, this.#side));
    const rules = hooks[at].about(seat.type);
    const met =
      rules.length === 0
        ? rules
        : host.judge.met(rules, {
            session: host.number,
            state: host.state,
            message: seat.message,
            read: reading,
            isAskedOnce: rules.length === 1 && rules[0]?.tests.length === 1,
            miss: () => {
              unread = reading().fault === null ? 0 : 1;
            },
          });
    this.#shared.tally.unread += unread;
    const nth = fuzzing?.isAt(at) === true ? this.#lookAt(`${at} ${seat.type}`) : 0;
    const isFuzzed = fuzzing?.picks(at, seat.type, host.number, seat.message, nth) ?? false;
    for (const rule of met) this.#act(rule, seat, at, now);
    // As it came: edits may be made in its place.
    if (isIngress && remembered[this.#side].has(seat.type))
      host.earlier.remember(this.#side, seat.type, bytes);
    if (seat.isDropped || !(isFuzzed || met.some(({ edits }) => edits.length > 0))) return;
    const isAway = isIngress && this.#shared.spec.workers > 0;
    if (isFuzzed) seat.mutation = { at, type: seat.type, nth, edits: [] };
    if (isAway) this.#sendAway(seat, at, { met, isFuzzed, nth }, now);
    else
      seat.become(
        this.#shared.processor.process(
          {
            session: host.number,
            side: this.#side,
            at,
            message: seat.message,
            type: seat.type,
            rules: met,
            isFuzzed,
            nth,
            bytes: seat.bytes,
            read: seat.bytes === bytes ? read : null,
          },
          host,
          now,
        ),
      );
    if (isFuzzed) this.#shared.tally.fuzzed += 1;
  }

  #lookAt(what: string): number {
    const nth = (this.#looked.get(what) ?? 0) + 1;
    this.#looked.set(what, nth);
    return nth;
  }

  #sendAway(seat: Seat, at: HookPoint, { met, isFuzzed, nth }: Deed, now: number): void {
    seat.own();
    const work = {
      session: this.#host.number,
      side: this.#side,
      at,
      message: seat.message,
      bytes: seat.bytes,
      rules: met.map(({ index }) => index),
      fuzzed: isFuzzed,
      nth,
    };
    this.#host.sendAway(seat, work, now);
  }

  #act(compiled: CompiledRule, seat: Seat, at: HookPoint, now: number): void {
    const { rule, acts } = compiled;
    const { number: session } = this.#host;
    this.#shared.tally.noteRule(rule.name);
    const subject = { session, at, message: seat.message, type: seat.type };
    const place = {
      side: this.#side,
      shared: this.#shared,
      host: this.#host,
      retry: this.#retry,
      rule: compiled,
    };
    for (const act of acts)
      if (carryOut(act, seat, place, now))
        this.#host.audit(recordOf(subject, rule.name, act.kind, now));
  }
}
