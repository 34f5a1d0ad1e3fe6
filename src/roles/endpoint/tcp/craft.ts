// A segment of the script's: sent as it is wished, and counted as what it is.
import { TCP_FLAG, addSequence } from '../../../wire/tcp.ts';
import { type Connection, type Draft, sentSegment } from './connection.ts';
import { flush } from './flush.ts';
import type { CraftSpec, SequenceReference } from './segment.ts';
import type { TcpSettings } from './settings.ts';

const { ACK, PSH, RST, SYN } = TCP_FLAG;
const NEXT: SequenceReference = { kind: 'next', offset: 0 };

export function craft(connection: Connection, spec: CraftSpec, now: number): void {
  const { sender, settings } = connection;
  const { sequence: wishedSequence = NEXT, acknowledgment, arrives, retransmit } = spec;
  const sequence = numberOf(wishedSequence, sender.initial, sender.queue.next);
  const flags = spec.flags ?? usualFlags(connection, spec);
  const isExpected = arrives ?? reachesPeer(settings, spec);
  if (isExpected && (flags & SYN) !== 0) open(connection, sequence, flags);
  const isReset = (flags & RST) !== 0 && sequence === sender.queue.next;
  const draft: Draft = {
    origin: 'script',
    flags,
    sequence,
    acknowledgment:
      acknowledgment && numberOf(acknowledgment, connection.peerInitial, connection.buffer.next),
    window: spec.window,
    urgentPointer: spec.urgentPointer,
    dataOffset: spec.dataOffset,
    reserved: spec.reserved,
    options: spec.options,
    payload: spec.payload,
    checksum: spec.checksum,
    ttl: spec.ttl,
    trafficClass: spec.trafficClass,
    flowLabel: spec.flowLabel,
    id: spec.id,
    dontFragment: spec.dontFragment,
    moreFragments: spec.moreFragments,
    fragmentOffset: spec.fragmentOffset,
    ipChecksum: spec.ipChecksum,
    fragments: spec.fragments,
  };
  const segment = connection.emit(draft, now, isExpected);
  const sent = sentSegment(segment, retransmit ?? true, now);
  if (sent.length > 0 && !isExpected) sender.queue.addDoubtful(sent);
  if (!isExpected) return;
  if (sent.length > 0) sender.queue.add(sent);
  if (isReset) connection.end('sent-reset');
  flush(connection, now);
}

function numberOf(reference: SequenceReference, initial: number, next: number): number {
  switch (reference.kind) {
    case 'absolute':
      return reference.value;
    case 'next':
      return addSequence(next, reference.offset);
    case 'initial':
      return addSequence(initial, reference.offset);
  }
}

/** What the stack would set here. */
function usualFlags(connection: Connection, spec: CraftSpec): number {
  if (connection.state === 'closed' || connection.state === 'listen') return SYN;
  if (connection.state === 'syn-received' && connection.ownOffer === null) return SYN | ACK;
  return (spec.payload?.length ?? 0) > 0 ? ACK | PSH : ACK;
}

/** A SYN begins our sequence numbers: with the first one that is sent, and before the peer is known. */
function open(connection: Connection, sequence: number, flags: number): void {
  if (connection.ownOffer !== null) return;
  connection.sender.begin(sequence);
  const isFirst = connection.state === 'closed' || connection.state === 'listen';
  if (isFirst && (flags & ACK) === 0) connection.state = 'syn-sent';
}

/** Whether a sound peer would take the segment for one of this connection. How far it is to the peer is not known. */
function reachesPeer({ ttl: usual }: TcpSettings, spec: CraftSpec): boolean {
  const { checksum = 'right', ipChecksum = 'right', ttl = usual } = spec;
  const isAlone = spec.moreFragments === true || (spec.fragmentOffset ?? 0) > 0;
  return checksum === 'right' && ipChecksum === 'right' && !isAlone && ttl >= usual;
}
