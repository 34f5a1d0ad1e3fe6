// What the captures of a mirror's nodes hold of one copied session, as a report shows it.

export interface MirrorSighting {
  readonly mirror: string;
  /** Of which client, and as whom its copy spoke: addresses with their ports. */
  readonly client: string;
  readonly as: string;
  readonly places: readonly MirrorPlace[];
}

export interface MirrorPlace {
  /** What the node is to the mirror: `online server`; several where it is several. */
  readonly role: string;
  readonly node: string;
  /** Whether any of its interfaces was captured. */
  readonly isCaptured: boolean;
  /** In the order of their times, the first of them. */
  readonly packets: readonly MirrorPacket[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

export interface MirrorPacket {
  readonly capture: string;
  /** Frame number in the capture, from 1. */
  readonly frame: number;
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  /** Of the Ethernet frame; empty where there is none. */
  readonly sourceMac: string;
  /** The node whose interface has it; empty where none has. */
  readonly sender: string;
  /** What it is to the mirror. */
  readonly kind: MirrorPacketKind;
  /** Of UDP empty. */
  readonly flags: string;
  /** As Wireshark counts: from 0 at the SYN, from 1 where it was not seen. Of UDP null. */
  readonly sequence: number | null;
  readonly acknowledgment: number | null;
  /** Bytes of payload. */
  readonly length: number;
}

/** `answers`: between assistant and mirror. */
export type MirrorPacketKind = 'client' | 'online' | 'copy' | 'target' | 'answers';
