// A segment as a script has it, as the user-space TCP takes it.
import type { CraftInstruction, SequenceNumber, TcpOptionSpec } from '../../model/script.ts';
import type { CraftSpec, SequenceReference } from '../../roles/endpoint/tcp/segment.ts';
import {
  type TcpOptionSpec as WireOption,
  type TcpTimestamps,
  emitTcpOptions,
} from '../../wire/tcp-options.ts';

export interface CraftedSegment {
  readonly spec: CraftSpec;
  /** Of an MD5 option whose digest is still to be worked out; null: there is none. */
  readonly md5Key: string | null;
}

/** `bytes` are the payload's; `stamp` gives what our own clock and echo say now. */
export function toCraftedSegment(
  instruction: CraftInstruction,
  bytes: Uint8Array | null,
  stamp: () => TcpTimestamps,
): CraftedSegment {
  const { flags, window, urgentPointer, options, checksum, ip, retransmit } = instruction;
  const { arrives = retransmit } = instruction;
  const spec: CraftSpec = {
    flags: flags ?? undefined,
    sequence: toReference(instruction.sequence),
    acknowledgment: toReference(instruction.acknowledgment),
    window: window ?? undefined,
    urgentPointer: urgentPointer ?? undefined,
    options: options ? emitTcpOptions(options.map((option) => toWire(option, stamp()))) : undefined,
    payload: bytes ?? undefined,
    checksum,
    ttl: ip.ttl,
    trafficClass: ip.trafficClass,
    id: ip.id,
    // Fragments could not be without.
    dontFragment: ip.dontFragment ?? ip.fragments === undefined,
    flowLabel: ip.flowLabel,
    fragments: ip.fragments,
    ipChecksum: ip.checksum,
    arrives,
    retransmit,
  };
  return { spec, md5Key: keyOf(options) };
}

function toReference(number: SequenceNumber | null): SequenceReference | undefined {
  if (!number) return undefined;
  const { base, offset } = number;
  return base === 'absolute' ? { kind: base, value: offset } : { kind: base, offset };
}

const keyOf = (options: readonly TcpOptionSpec[] | null): string | null =>
  options?.reduce<string | null>(
    (key, option) => (option.kind === 'md5' ? option.key : key),
    null,
  ) ?? null;

function toWire(option: TcpOptionSpec, stamp: TcpTimestamps): WireOption {
  switch (option.kind) {
    case 'mss':
      return { kind: 'maximum-segment-size', size: option.size };
    case 'sack':
      return { kind: 'sack', blocks: option.blocks.map(([left, right]) => ({ left, right })) };
    case 'timestamps':
      return {
        kind: 'timestamps',
        value: option.value ?? stamp.value,
        echo: option.echo ?? stamp.echo,
      };
    case 'md5':
      return {
        kind: 'md5',
        digest: option.digest === null ? NO_DIGEST : Buffer.from(option.digest, 'hex'),
      };
    case 'raw':
      return { kind: 'other', number: option.number, data: Buffer.from(option.hex, 'hex') };
    case 'nop':
      return { kind: 'no-operation' };
    case 'window-scale':
    case 'sack-permitted':
    case 'end':
      return option;
  }
}

const NO_DIGEST = new Uint8Array(16);
