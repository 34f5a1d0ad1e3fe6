// What the readers of both capture formats have in common: they take one record after the other from memory that grows.

/** Where the record that was read last lies, and what its file says of it. */
export interface RecordPlace {
  /** Whether it is a packet; other blocks of a pcapng file are passed over. */
  isPacket: boolean;
  /** Microseconds since the epoch; has a fraction in files of nanoseconds. */
  time: number;
  /** Bytes on the wire; more than lie there when the snapshot length cut it. */
  length: number;
  /** The frame, in the memory that was read. */
  start: number;
  end: number;
  /** Link-layer header type (tcpdump.org/linktypes). */
  linkType: number;
}

export interface RecordFormat {
  /** Reads the record at `at` into `place`. Gives its bytes; 0 when it ends beyond `end`, a text when it contradicts itself. */
  take(view: DataView, at: number, end: number, place: RecordPlace): number | string;
}

export const newPlace = (): RecordPlace => ({
  isPacket: false,
  time: 0,
  length: 0,
  start: 0,
  end: 0,
  linkType: 0,
});
