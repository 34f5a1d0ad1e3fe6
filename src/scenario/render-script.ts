// A script of a plan for people: who plays, over what, and what each party does.
import { base64Length } from '../base/base64.ts';
import { formatBytes, formatMillis } from '../base/units.ts';
import type {
  ArriveInstruction,
  Condition,
  CraftInstruction,
  IpFields,
  Instruction,
  Pattern,
  Payload,
  ScriptChannel,
  ScriptEndpoint,
  ScriptSpec,
  SendInstruction,
  SequenceNumber,
} from '../model/script.ts';
import { formatTcpFlags } from '../wire/tcp.ts';
import { counted, quoted } from './text.ts';

/** Instructions of a program that are shown. */
const SHOWN = 12;

export function renderScript(script: ScriptSpec): string[] {
  const { transport, timeout, parties, channels, tls, raw } = script;
  const settings = [
    `script over ${transport}`,
    `at most ${formatMillis(timeout)} a play`,
    tls === undefined ? '' : `SNI ${tls.sni || 'none'}`,
    raw === undefined
      ? ''
      : `ack ${raw.ack}, ${raw.retransmit ? 'retransmits' : 'no retransmission'}, MSS ${raw.mss}`,
  ];
  return [
    settings.filter(Boolean).join('  '),
    ...channels.map((channel) => `${channel.from} -> ${channel.to}${fiveTuple(channel, ' -> ')}`),
    ...channels.flatMap((channel) => guardOf(script, channel)),
    ...parties.flatMap(({ name, node, program }) => [
      `${name}${name === node ? '' : ` on ${node}`}: ${describeProgram(program)}`,
      ...program.slice(0, SHOWN).map((instruction) => `  ${renderInstruction(instruction)}`),
      ...(program.length > SHOWN ? [`  and ${program.length - SHOWN} more`] : []),
    ]),
  ];
}

function describeProgram(program: readonly Instruction[]): string {
  if (program.length === 0) return 'left to who listens there';
  const sent = program.reduce(
    (sum, item) => sum + (item.op === 'send' || item.op === 'craft' ? sizeOf(item.payload) : 0),
    0,
  );
  return [counted(program.length, 'instruction'), sent === 0 ? '' : `${formatBytes(sent)} sent`]
    .filter(Boolean)
    .join(', ');
}

const fiveTuple = ({ source, destination }: ScriptChannel, arrow: string): string =>
  destination.address === '' ? '' : `  ${endText(source)}${arrow}${endText(destination)}`;

function endText({ address, port }: ScriptEndpoint): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === 0 ? host : `${host}:${port}`;
}

/** What is kept from answering in the name of a raw party. */
function guardOf({ transport, parties }: ScriptSpec, channel: ScriptChannel): string[] {
  const hasProgram = (party: string): boolean =>
    parties.some(({ name, program }) => name === party && program.length > 0);
  const nodes = [channel.from, channel.to].filter(hasProgram);
  const what = GUARDS[transport];
  if (what === undefined || nodes.length === 0) return [];
  return [
    `kernel's ${what}${fiveTuple(channel, ' ↔ ')} while the flow lasts, at ${nodes.join(' and ')}`,
  ];
}

const GUARDS: Readonly<Partial<Record<ScriptSpec['transport'], string>>> = {
  'raw-tcp': 'RST dropped: tcp',
  'raw-udp': 'ICMP port unreachable dropped: udp',
  'raw-ip': 'ICMP protocol unreachable dropped: ip',
};

function renderInstruction(instruction: Instruction): string {
  const { step, after, at, within } = instruction;
  const timing = [
    after > 0 ? `after ${formatMillis(after)}` : '',
    at === null ? '' : `at ${formatMillis(at)}`,
    within === null ? '' : `within ${formatMillis(within)}`,
  ];
  return [`${step}. ${wordsOf(instruction)}`, ...timing].filter(Boolean).join('  ');
}

function wordsOf(instruction: Instruction): string {
  switch (instruction.op) {
    case 'send':
      return `send ${payloadText(instruction.payload)}${framingText(instruction.framing)}${ipText(instruction.ip)}`;
    case 'craft':
      return craftText(instruction);
    case 'arrive':
      return `${instruction.wait ? 'await' : 'know'} ${arrivalText(instruction.what)}`;
    case 'expect':
      return `expect ${patternText(instruction.pattern)}${instruction.as === null ? '' : ` as ${instruction.as}`}`;
    case 'close':
      return `close by ${instruction.how}`;
    case 'wait':
      return 'wait';
    case 'set':
      return `set ${instruction.variable} to ${payloadText(instruction.value)}`;
    case 'branch':
      return `if ${conditionText(instruction.condition)}: ${counted(instruction.yes.length, 'instruction')}, else ${instruction.no.length}`;
    case 'loop':
      return `up to ${instruction.times} times ${counted(instruction.body.length, 'instruction')}${instruction.until === null ? '' : `, until ${conditionText(instruction.until)}`}`;
    case 'stack':
      return [
        instruction.ack === null ? '' : `ack ${instruction.ack}`,
        instruction.retransmit === null ? '' : `retransmit ${instruction.retransmit}`,
      ]
        .filter(Boolean)
        .join(', ');
  }
}

function craftText(segment: CraftInstruction): string {
  const words = [
    segment.flags === null ? 'segment' : formatTcpFlags(segment.flags),
    segment.payload === null ? '' : payloadText(segment.payload),
    segment.sequence === null ? '' : `seq ${numberText(segment.sequence)}`,
    segment.acknowledgment === null ? '' : `ack ${numberText(segment.acknowledgment)}`,
    segment.window === null ? '' : `window ${segment.window}`,
    segment.urgentPointer === null ? '' : `urgent ${segment.urgentPointer}`,
    segment.options === null
      ? ''
      : `options ${segment.options.map(({ kind }) => kind).join(' ') || 'none'}`,
    segment.checksum === 'wrong' ? 'wrong checksum' : '',
  ];
  return `craft ${words.filter(Boolean).join(', ')}${ipText(segment.ip)}`;
}

const BASES = { absolute: '', next: 'next', initial: 'isn' } as const;

const numberText = ({ base, offset }: SequenceNumber): string =>
  base === 'absolute' ? String(offset) : `${BASES[base]}${offset < 0 ? '' : '+'}${offset}`;

const ipText = (ip: IpFields = {}): string =>
  Object.entries(ip)
    .map(([field, value]) => `, ${field} ${String(value)}`)
    .join('');

function framingText(framing: SendInstruction['framing']): string {
  if (framing === 'stream') return '';
  if (typeof framing === 'number') return ` in ${counted(framing, 'segment')}`;
  return framing.length === 0
    ? ' in a segment of its own'
    : ` in segments of ${framing.slice(0, 8).join(', ')}${framing.length > 8 ? ', …' : ''} bytes`;
}

function arrivalText(what: ArriveInstruction['what']): string {
  switch (what.kind) {
    case 'data':
      if (what.size === 0) return 'all that is known to come';
      return what.payload === null
        ? `at least ${formatBytes(what.size)}`
        : payloadText(what.payload);
    case 'end':
      return 'FIN';
    case 'reset':
      return 'RST';
    case 'segment':
      return `${formatTcpFlags(what.flags)} with ${formatBytes(what.length)}`;
  }
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'bytes':
      return formatBytes(pattern.count);
    case 'exact':
      return `exactly ${payloadText(pattern.payload)}`;
    case 'until':
      return `all up to ${payloadText(pattern.payload)}`;
    case 'regex':
      return `/${pattern.source}/${pattern.flags}`;
    case 'datagram':
      return `a datagram of ${pattern.min === pattern.max ? '' : `${pattern.min} to `}${pattern.max} B`;
    case 'end':
      return 'FIN';
    case 'reset':
      return 'RST';
    case 'packet':
      return `a packet${pattern.flags === null ? '' : ` with ${formatTcpFlags(pattern.flags)}`}${pattern.minLength === 0 ? '' : ` of at least ${pattern.minLength} B`}`;
  }
}

function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'equals':
      return `${condition.variable} is ${payloadText(condition.payload)}`;
    case 'matches':
      return `${condition.variable} matches /${condition.source}/${condition.flags}`;
    case 'set':
      return `${condition.variable} is set`;
    case 'not':
      return `not ${conditionText(condition.condition)}`;
  }
}

/** Characters of a payload that are shown. */
const SHOWN_TEXT = 40;

function payloadText(payload: Payload): string {
  switch (payload.kind) {
    case 'text': {
      const isLong = payload.text.length > SHOWN_TEXT;
      return `${quoted(payload.text.slice(0, SHOWN_TEXT))}${isLong ? '…' : ''} (${formatBytes(sizeOf(payload))})`;
    }
    case 'base64':
      return formatBytes(sizeOf(payload));
    case 'random':
      return `${formatBytes(payload.size)} at random`;
    case 'template':
      return `template ${quoted(payload.parts.map((part) => ('text' in part ? part.text : `{{${part.variable}}}`)).join(''))}`;
  }
}

/** Bytes; of a template those of its text alone. */
function sizeOf(payload: Payload | null): number {
  if (payload === null) return 0;
  const lengthOf = (text: string): number => new TextEncoder().encode(text).length;
  switch (payload.kind) {
    case 'text':
      return lengthOf(payload.text);
    case 'base64':
      return base64Length(payload.base64) ?? 0;
    case 'random':
      return payload.size;
    case 'template':
      return payload.parts.reduce(
        (sum, part) => sum + ('text' in part ? lengthOf(part.text) : 0),
        0,
      );
  }
}
