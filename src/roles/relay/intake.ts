// What one side of a session sends, told apart into messages for as long as that can be done.
import type { FrameSpec } from '../../model/protocol.ts';
import type { Framer } from '../../wire/protocol/contract.ts';

/** Who takes them. */
export interface IntakeHost {
  /** Whether it takes no more. */
  readonly isStopped: boolean;
  /** A message: a view that holds until `flush`. */
  message(view: Uint8Array, now: number): void;
  /** Bytes that are no message. */
  remainder(bytes: Uint8Array, now: number): void;
  flush(now: number): void;
  /** From `rest` on there are no messages any more. */
  framingFault(reason: string, rest: Uint8Array, now: number): void;
}

export class Intake {
  readonly #framer: Framer;
  readonly #frame: FrameSpec;
  readonly #host: IntakeHost;
  #isUnframed = false;

  constructor(framer: Framer, frame: FrameSpec, host: IntakeHost) {
    this.#framer = framer;
    this.#frame = frame;
    this.#host = host;
  }

  receive(bytes: Uint8Array, now: number): void {
    const host = this.#host;
    if (this.#isUnframed) {
      host.remainder(bytes, now);
      return;
    }
    const framer = this.#framer;
    framer.push(bytes);
    for (let view = framer.next(); view !== null; view = framer.next()) {
      host.message(view, now);
      // A view of memory that is not the caller's holds no longer than this.
      if (view.buffer !== bytes.buffer) host.flush(now);
      if (host.isStopped) return;
    }
    if (framer.fault === null) return;
    this.#isUnframed = true;
    host.framingFault(framer.fault, framer.rest(), now);
  }

  /** No more comes. */
  end(now: number): void {
    if (this.#framer.waiting === 0) return;
    const rest = this.#framer.rest();
    // Frames that say their length are whole, or are no message; others end where the stream does.
    if (this.#frame.kind === 'length') this.#host.remainder(rest, now);
    else this.#host.message(rest, now);
  }

  /** Forgets what waits to be a message. */
  clear(): void {
    this.#framer.rest();
  }
}
