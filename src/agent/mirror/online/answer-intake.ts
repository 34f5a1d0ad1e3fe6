// Where the assistant is heard: it connects, and sends a record for each packet of the target (`answer-records.ts`).
import { closeDescriptor } from '../../../kernel/process.ts';
import { IP_ROOM } from '../../../kernel/socket-address.ts';
import { AGAIN, acceptStream, listenStream, readStream } from '../../../kernel/stream-socket.ts';
import type { Waiter } from '../../../kernel/waiter.ts';
import { AnswerRecords } from '../../../roles/mirror/answer-records.ts';
import { PacketView } from '../../../wire/packet.ts';

const ANY = { 4: '0.0.0.0', 6: '::' } as const;
const BUFFER_BYTES = 2 ** 18;
/** Reads of a connection before others have their turn. */
const READS = 8;

interface Connection {
  readonly fd: number;
  readonly records: AnswerRecords;
}

export class AnswerIntake {
  readonly #waiter: Waiter;
  readonly #token: number;
  readonly #note: (text: string) => void;
  readonly #listeners: readonly number[];
  /** Room for the address of who connects. */
  readonly #from = new Uint8Array(IP_ROOM);
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new PacketView();
  #connections: Connection[] = [];
  #unreadable = 0;

  /** `token` is what the waiter says of its sockets. */
  constructor(
    place: { readonly families: readonly (4 | 6)[]; readonly port: number },
    {
      waiter,
      token,
      note,
    }: {
      readonly waiter: Waiter;
      readonly token: number;
      readonly note: (text: string) => void;
    },
  ) {
    this.#waiter = waiter;
    this.#token = token;
    this.#note = note;
    this.#listeners = place.families.map((family) =>
      listenStream(
        { kind: 'ip', address: ANY[family], port: place.port },
        { isTransparent: false },
      ),
    );
    for (const fd of this.#listeners) waiter.watch(fd, token);
  }

  /** Records that were none. */
  get unreadable(): number {
    return this.#connections.reduce(
      (sum, { records }) => sum + records.unreadable,
      this.#unreadable,
    );
  }

  /** Hands over what has come. */
  read(take: (view: PacketView) => void): void {
    for (const listener of this.#listeners)
      for (let fd = this.#accept(listener); fd >= 0; fd = this.#accept(listener)) this.#welcome(fd);
    for (const connection of this.#connections)
      if (!this.#drain(connection, take)) this.#lose(connection);
  }

  close(): void {
    for (const { fd } of this.#connections) closeDescriptor(fd);
    for (const fd of this.#listeners) closeDescriptor(fd);
  }

  #accept(listener: number): number {
    return acceptStream(listener, this.#from);
  }

  #welcome(fd: number): void {
    this.#connections = [...this.#connections, { fd, records: new AnswerRecords() }];
    this.#waiter.watch(fd, this.#token);
    this.#note('hears the assistant');
  }

  /** False at its end. */
  #drain({ fd, records }: Connection, take: (view: PacketView) => void): boolean {
    for (let reads = 0; reads < READS; reads += 1) {
      const count = readStream(fd, this.#buffer);
      if (count < 0) return count === AGAIN;
      if (count === 0) return false;
      records.push(this.#buffer.subarray(0, count), this.#view, take);
      if (count < BUFFER_BYTES) return true;
    }
    return true;
  }

  #lose(connection: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    this.#unreadable += connection.records.unreadable;
    closeDescriptor(connection.fd);
    this.#note('hears the assistant no more: its connection has ended');
  }
}
