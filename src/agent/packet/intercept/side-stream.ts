import { Duplex } from 'node:stream';
import {
  type InterceptionWish,
  type Side,
  UNDER_WAY_LIMIT,
} from '../../../roles/intercept/words.ts';

/** Bytes that were used are told in portions. */
const PORTION = 65_536;

/** The connection to one side as a stream. What is under way to the packet thread and from it is bounded. */
export class SideStream extends Duplex {
  readonly #id: number;
  readonly #side: Side;
  readonly #give: (wish: InterceptionWish) => void;
  /** Bytes given and not sent yet. */
  #underWay = 0;
  #onRoom: (() => void) | null = null;
  /** Bytes that came and were not told to be used, and those of them that nobody has asked for. */
  #untold = 0;
  #hasEnded = false;

  constructor(id: number, side: Side, give: (wish: InterceptionWish) => void) {
    super({ allowHalfOpen: true });
    this.#id = id;
    this.#side = side;
    this.#give = give;
  }

  /** Bytes of the side's. What comes when nobody listens any more is answered as a kernel does. */
  arrive(bytes: Uint8Array): void {
    if (this.destroyed) {
      this.reset();
      return;
    }
    this.#untold += bytes.length;
    if (this.push(bytes)) this.#tellUsed();
  }

  /** The side has said all. */
  arriveEnd(): void {
    if (!this.destroyed) this.push(null);
  }

  /** So many bytes have reached the side. */
  noteSent(bytes: number): void {
    this.#underWay -= bytes;
    if (this.#underWay > UNDER_WAY_LIMIT) return;
    const onRoom = this.#onRoom;
    this.#onRoom = null;
    onRoom?.();
  }

  reset(): void {
    this.#hasEnded = true;
    this.#give({ kind: 'reset', id: this.#id, side: this.#side });
    this.destroy();
  }

  override _write(bytes: Uint8Array, _encoding: string, callback: () => void): void {
    // A copy: whoever wrote may use its memory again.
    this.#give({ kind: 'send', id: this.#id, side: this.#side, bytes: new Uint8Array(bytes) });
    this.#underWay += bytes.length;
    if (this.#underWay <= UNDER_WAY_LIMIT) callback();
    else this.#onRoom = callback;
  }

  override _read(): void {
    this.#tellUsed();
  }

  override _final(callback: () => void): void {
    this.#end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#end();
    callback(error);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#give({ kind: 'end', id: this.#id, side: this.#side });
  }

  #tellUsed(): void {
    if (this.#untold < PORTION) return;
    this.#give({ kind: 'used', id: this.#id, side: this.#side, bytes: this.#untold });
    this.#untold = 0;
  }
}
