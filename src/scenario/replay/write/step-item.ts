// One step of a replay as a line of a script.
import { formatTcpFlags } from '../../../wire/tcp.ts';
import type { SequenceNumber, TcpOptionSpec } from '../../../model/script.ts';
import { type Block, type Item, type Value, blockOf } from '../../write/yaml-value.ts';
import type { ReplayConversation, ReplaySegment, ReplayStep } from '../replay-script.ts';
import { payloadValue } from './payload-value.ts';

export function stepItem(step: ReplayStep, { transport }: ReplayConversation): Item {
  const time =
    step.after === undefined
      ? { at: step.at === 0 ? undefined : durationText(step.at) }
      : { after: step.after === 0 ? undefined : durationText(step.after) };
  return blockOf({ [step.party]: blockOf({ ...time, ...deedOf(step, transport) }) });
}

/** `12.345ms`. */
export const durationText = (millis: number): string => `${Number(millis.toFixed(3))}ms`;

function deedOf(
  step: ReplayStep,
  transport: ReplayConversation['transport'],
): Readonly<Record<string, Value | undefined>> {
  switch (step.kind) {
    case 'send':
      return { flush: transport === 'tcp' ? true : undefined, send: payloadValue(step.payload) };
    case 'close':
      return { close: step.how };
    case 'packet':
      return { send: payloadValue(step.payload) };
    case 'segment':
      return segmentOf(step);
  }
}

function segmentOf(segment: ReplaySegment): Readonly<Record<string, Value | undefined>> {
  const { flags, payload, sequence, acknowledgment, options } = segment;
  const isEmpty = payload.kind === 'bytes' && payload.bytes.length === 0;
  return {
    flags: formatTcpFlags(flags),
    seq: sequence && numberText(sequence),
    ackNumber: acknowledgment && numberText(acknowledgment),
    window: segment.window,
    urgent: segment.urgentPointer,
    ttl: segment.ttl,
    tos: segment.trafficClass,
    options: options?.map(optionItem),
    send: isEmpty ? undefined : payloadValue(payload),
  };
}

/** `1000`, `+5`, `isn+1`. */
function numberText({ base, offset }: SequenceNumber): string | number {
  if (base === 'absolute') return offset;
  const signed = offset < 0 ? String(offset) : `+${offset}`;
  if (base === 'next') return signed;
  return offset === 0 ? 'isn' : `isn${signed}`;
}

function optionItem(option: TcpOptionSpec): Item {
  switch (option.kind) {
    case 'mss':
      return blockOf({ mss: option.size });
    case 'window-scale':
      return blockOf({ windowScale: option.shift });
    case 'sack-permitted':
      return 'sackPermitted';
    case 'sack':
      return blockOf({ sack: option.blocks });
    case 'timestamps':
      return blockOf({ timestamps: timestampsOf(option.value, option.echo) });
    case 'md5':
      return blockOf({
        md5: blockOf(option.key === null ? { digest: option.digest ?? '' } : { key: option.key }),
      });
    case 'raw':
      return blockOf({ raw: blockOf({ number: option.number, hex: option.hex }) });
    case 'nop':
    case 'end':
      return option.kind;
  }
}

const timestampsOf = (value: number | null, echo: number | null): Block =>
  blockOf({ value: value ?? undefined, echo: echo ?? undefined });
