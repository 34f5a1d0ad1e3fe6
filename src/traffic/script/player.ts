// Plays one party's program: events and time come in, commands go out, and it owns no socket. See play.ts.
import { invariant, unreachable } from '../../base/invariant.ts';
import type {
  CraftInstruction,
  Instruction,
  Payload,
  ScriptTransport,
  SendInstruction,
} from '../../model/script.ts';
import { fromLatin1 } from '../../wire/bytes.ts';
import { type Operation, TIMEOUT, unknownFailure } from '../failure.ts';
import { type Awaited, awaitArrival, awaitExpected } from './awaited.ts';
import { Cursor } from './cursor.ts';
import { framingOf } from './framing.ts';
import { Pace } from './pace.ts';
import { type PayloadStore, payloadStore } from './payload.ts';
import type { PlayCommand, PlayDriver, PlayEvent, PlayOutcome, Player } from './play.ts';
import { PlayChannel } from './play-channel.ts';
import { type ProgramFacts, factsOf } from './program-facts.ts';
import { UnsetVariable, type Variables, holds, payloadBytes } from './variables.ts';

export interface PlayerOptions {
  /** The plan's. */
  readonly seed: number;
  readonly transport: ScriptTransport;
  /** Those that the party is an end of. */
  readonly channels: readonly number[];
  /** Milliseconds for the whole program; absent: no such bound. */
  readonly timeout?: number;
}

export const createPlayer = (
  program: readonly Instruction[],
  options: PlayerOptions,
  driver: PlayDriver,
): Player => new ProgramPlayer(program, options, driver);

type Of<Op extends Instruction['op']> = Extract<Instruction, { op: Op }>;

/** Of the instruction at hand: its channel or its time is awaited; it waits for what comes; the driver is at it. */
type Phase = 'reached' | 'begun' | 'performing';

class ProgramPlayer implements Player {
  nextDue = Infinity;
  outcome: PlayOutcome | null = null;
  readonly #driver: PlayDriver;
  readonly #timeout: number;
  readonly #facts: ProgramFacts;
  readonly #store: PayloadStore;
  readonly #variables: Variables = new Map();
  readonly #channels = new Map<number, PlayChannel>();
  readonly #cursor: Cursor;
  readonly #pace = new Pace();
  #phase: Phase = 'reached';
  #isAdvancing = false;
  /** Whether the driver told, before it answered, that the command is done. */
  #hasLeft = false;
  #sent = 0;
  #received = 0;

  constructor(
    program: readonly Instruction[],
    { seed, transport, channels, timeout = Infinity }: PlayerOptions,
    driver: PlayDriver,
  ) {
    this.#driver = driver;
    this.#timeout = timeout;
    this.#facts = factsOf(program);
    this.#store = payloadStore(seed);
    this.#store.prepare(program);
    for (const channel of channels)
      this.#channels.set(channel, new PlayChannel(transport, this.#facts.channel(channel)));
    this.#cursor = new Cursor(program, (condition) =>
      holds(condition, this.#variables, this.#store),
    );
  }

  start(now: number): void {
    this.#pace.start(now, this.#timeout);
    this.#advance(now);
  }

  tick(now: number): void {
    this.#advance(now);
  }

  handle(event: PlayEvent, now: number): void {
    if (this.outcome) return;
    this.#note(event, now);
    this.#advance(now);
  }

  #note(event: PlayEvent, now: number): void {
    switch (event.kind) {
      case 'open':
        this.#channel(event.channel).opened ??= now;
        return;
      case 'data':
        this.#receive(event);
        return;
      case 'packet':
        this.#channel(event.channel).notePacket(event.packet);
        return;
      case 'end':
        this.#channel(event.channel).hasEnded = true;
        return;
      case 'reset':
        this.#channel(event.channel).wasReset = true;
        // Leaves a body whose last turn is over: what it waited for no longer counts.
        this.#cursor.current();
        if (!this.#cursor.awaitsReset(this.#facts, event.channel))
          this.#fail('connection_reset', this.#operation(), 'The peer sent a RST');
        return;
      case 'sent':
        if (this.#isAdvancing) this.#hasLeft = true;
        else if (this.#phase === 'performing') this.#done(this.#current(), now);
        return;
      case 'failed': {
        const { failure, operation, detail } = event.fault;
        this.#fail(failure, operation, detail);
        return;
      }
      default:
        unreachable(event, 'event');
    }
  }

  #receive({ channel, bytes }: Extract<PlayEvent, { kind: 'data' }>): void {
    this.#received += bytes.length;
    const wrong = this.#channel(channel).receive(bytes);
    if (typeof wrong === 'string') this.#fail(unknownFailure(wrong), 'read', wrong);
    else if (wrong) this.#fail(unknownFailure(wrong.detail), 'read', wrong.detail, wrong.step);
  }

  #advance(now: number): void {
    // What the driver tells while it performs a command is noted, and acted upon when it has answered.
    if (this.#isAdvancing || !this.#pace.hasStarted) return;
    this.#isAdvancing = true;
    try {
      while (!this.outcome && this.#step(now));
    } catch (error) {
      if (!(error instanceof UnsetVariable)) throw error;
      this.#fail(unknownFailure(error.message), this.#operation(), error.message);
    } finally {
      this.#isAdvancing = false;
    }
  }

  /** Does what can be done of the instruction at hand; whether it is time to look again at once. */
  #step(now: number): boolean {
    const instruction = this.#cursor.current();
    // A peer must have been met even where there is nothing to do.
    if (!instruction && this.#areAllOpen()) {
      this.#end(null, null);
      return false;
    }
    if (now >= this.#pace.limit) {
      this.#failLate(`after ${this.#timeout} ms`);
      return false;
    }
    if (!instruction) {
      this.nextDue = this.#pace.limit;
      return false;
    }
    if (this.#phase === 'reached') {
      if (!this.#mayBegin(instruction, now)) return false;
      this.#phase = 'begun';
      this.#pace.begun(instruction, now);
      this.#announce(instruction);
      if (this.outcome) return false;
    }
    if (this.#phase === 'begun' && this.#perform(instruction)) {
      this.#done(instruction, now);
      return true;
    }
    if (now >= this.#pace.deadline) this.#failLate(`within ${instruction.within ?? 0} ms`);
    if (!this.outcome) this.nextDue = Math.min(this.#pace.deadline, this.#pace.limit);
    return false;
  }

  #mayBegin(instruction: Instruction, now: number): boolean {
    if ('channel' in instruction) {
      const { opened } = this.#channel(instruction.channel);
      if (opened === null) {
        this.nextDue = this.#pace.limit;
        return false;
      }
      this.#pace.notBefore(opened);
    }
    const due = this.#pace.due(instruction);
    if (now >= due) return true;
    this.nextDue = Math.min(due, this.#pace.limit);
    return false;
  }

  #announce(instruction: Instruction): void {
    if (instruction.op !== 'arrive' || instruction.what.kind !== 'data') return;
    const { payload, size } = instruction.what;
    const { arrivals } = this.#channel(instruction.channel);
    const wrong = arrivals.announce(payload && this.#bytes(payload), size, instruction.step);
    if (wrong) this.#fail(unknownFailure(wrong.detail), 'read', wrong.detail, wrong.step);
  }

  #done(instruction: Instruction, now: number): void {
    this.#pace.done(instruction, now);
    this.#phase = 'reached';
    this.#cursor.advance();
    if (instruction.op === 'loop')
      this.#cursor.enter(instruction.body, instruction.times, instruction.until);
    else if (instruction.op === 'branch') {
      const { condition, yes, no } = instruction;
      this.#cursor.enter(holds(condition, this.#variables, this.#store) ? yes : no);
    }
  }

  /** Whether the instruction is done. */
  #perform(instruction: Instruction): boolean {
    switch (instruction.op) {
      case 'wait':
      case 'branch':
      case 'loop':
        return true;
      case 'set':
        this.#variables.set(instruction.variable, this.#bytes(instruction.value));
        return true;
      case 'send':
        return this.#send(instruction);
      case 'craft':
        return this.#craft(instruction);
      case 'stack': {
        const { channel, ack, retransmit } = instruction;
        return this.#command({ kind: 'stack', channel, ack, retransmit });
      }
      case 'close': {
        const { channel, how } = instruction;
        return this.#command({ kind: 'close', channel, how });
      }
      case 'arrive':
        return this.#isMet(awaitArrival(this.#channel(instruction.channel), instruction));
      case 'expect':
        return this.#expect(instruction);
      default:
        return unreachable(instruction, 'instruction');
    }
  }

  #send({ channel, payload, framing, ip, protocol }: SendInstruction): boolean {
    if (this.#channel(channel).wasReset)
      return this.#fail('connection_reset', 'write', 'The peer had sent a RST');
    const bytes = this.#bytes(payload);
    this.#sent += bytes.length;
    return this.#command({
      kind: 'send',
      channel,
      bytes,
      framing: framingOf(framing, bytes.length),
      ...(ip && { ip }),
      ...(protocol !== undefined && { protocol }),
    });
  }

  #craft(segment: CraftInstruction): boolean {
    const bytes = segment.payload && this.#bytes(segment.payload);
    this.#sent += bytes?.length ?? 0;
    return this.#command({ kind: 'craft', channel: segment.channel, segment, bytes });
  }

  #command(command: PlayCommand): boolean {
    this.#phase = 'performing';
    this.#hasLeft = false;
    return this.#driver.perform(command) === 'done' || this.#hasLeft;
  }

  #expect(instruction: Of<'expect'>): boolean {
    const { channel, pattern, as } = instruction;
    const exact = 'payload' in pattern ? this.#bytes(pattern.payload) : null;
    const awaited = awaitExpected(this.#channel(channel), instruction, exact);
    if (awaited.kind === 'met' && awaited.bytes) {
      if (as !== null) this.#variables.set(as, awaited.bytes);
      for (const [name, text] of Object.entries(awaited.groups))
        if (text !== undefined) this.#variables.set(name, fromLatin1(text));
    }
    return this.#isMet(awaited);
  }

  #isMet(awaited: Awaited): boolean {
    if (awaited.kind === 'never') this.#fail(awaited.failure, 'read', awaited.detail);
    return awaited.kind === 'met';
  }

  #failLate(when: string): void {
    const obstacle = this.#phase === 'performing' ? this.#driver.obstacle?.() : null;
    const detail = `Not finished ${when}${typeof obstacle === 'string' ? `: ${obstacle}` : ''}`;
    this.#fail(TIMEOUT, this.#operation(), detail);
  }

  #fail(failure: string, operation: Operation, detail: string, step?: string): false {
    this.#end({ failure, operation, detail }, step ?? this.#cursor.current()?.step ?? null);
    return false;
  }

  #end(fault: PlayOutcome['fault'], step: string | null): void {
    this.outcome ??= { fault, step, received: this.#received, sent: this.#sent };
    this.nextDue = Infinity;
  }

  /** What is being done, in OONI's words. */
  #operation(): Operation {
    if (!this.#areAllOpen()) return 'connect';
    const op = this.#cursor.current()?.op;
    return op === 'expect' || op === 'arrive' ? 'read' : 'write';
  }

  #areAllOpen(): boolean {
    for (const { opened } of this.#channels.values()) if (opened === null) return false;
    return true;
  }

  #bytes(payload: Payload): Uint8Array {
    return payloadBytes(payload, this.#variables, this.#store);
  }

  #current(): Instruction {
    const instruction = this.#cursor.current();
    invariant(instruction, 'A driver is at work on the instruction at hand');
    return instruction;
  }

  #channel(number: number): PlayChannel {
    const channel = this.#channels.get(number);
    invariant(channel, `The party is an end of channel ${number}`);
    return channel;
  }
}
