// Clients of a capture: its packets come when they came, from the time on when it is begun.
import type { PlanMirror } from '../../../model/mirror.ts';
import type { CaptureRecord } from '../../../wire/capture-contents.ts';
import { findIpPacket } from '../../../wire/link-layer.ts';
import { PacketView } from '../../../wire/packet.ts';

/** The view is loaded, and only valid for now. */
export interface CaptureHandler {
  fromClient(view: PacketView, time: number): void;
  fromOnline(view: PacketView, time: number): void;
}

/** Microseconds in which a mirror that is to end may still play what is left. */
const PATIENCE = 8e6;

export class CaptureSource {
  readonly #records: readonly CaptureRecord[];
  readonly #online: { readonly addresses: ReadonlySet<string>; readonly port: number };
  readonly #speed: number;
  readonly #handler: CaptureHandler;
  readonly #view = new PacketView();
  #next = 0;
  #began: number | null = null;
  #giveUpAt: number | null = null;

  /** `speed`: so many times faster than it was. */
  constructor(
    records: readonly CaptureRecord[],
    { online, speed }: { readonly online: PlanMirror['online']; readonly speed: number },
    handler: CaptureHandler,
  ) {
    this.#records = records.toSorted((left, right) => left.time - right.time);
    this.#online = { addresses: new Set(online.addresses), port: online.port };
    this.#speed = speed;
    this.#handler = handler;
  }

  /** Packets that have not been played. */
  get left(): number {
    return this.#records.length - this.#next;
  }

  /** When the next packet comes, microseconds since the epoch; Infinity: none does, or it has not begun. */
  get nextDue(): number {
    const record = this.#records[this.#next];
    const first = this.#records[0];
    if (this.#began === null || !record || !first) return Infinity;
    return this.#began + (record.time - first.time) / this.#speed;
  }

  begin(now: number): void {
    this.#began ??= now;
  }

  /** Plays what came until `now`, at most `limit` packets; how many. */
  read(limit: number, now: number): number {
    let count = 0;
    for (let due = this.nextDue; due <= now && count < limit; due = this.nextDue) {
      const record = this.#records[this.#next];
      if (record) this.#play(record, due);
      this.#next += 1;
      count += 1;
    }
    return count;
  }

  /** Whether a mirror that is to end need not wait for it any more. */
  isOver(now: number): boolean {
    this.#giveUpAt ??= now + PATIENCE;
    return this.#began === null || this.left === 0 || now >= this.#giveUpAt;
  }

  #play({ linkType, data, length }: CaptureRecord, time: number): void {
    const start = findIpPacket(linkType, data) ?? -1;
    const view = this.#view;
    if (start < 0 || !view.load(data, start, data.length, length - start)) return;
    const { addresses, port } = this.#online;
    if (view.destinationPort === port && addresses.has(view.destinationText))
      this.#handler.fromClient(view, time);
    else if (view.sourcePort === port && addresses.has(view.sourceText))
      this.#handler.fromOnline(view, time);
  }
}
