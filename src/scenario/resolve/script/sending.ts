// Steps that send: bytes by a stack, datagrams, packets, or a crafted segment.
import type { ScriptAction } from '../../../model/scenario-file.ts';
import type { Instruction } from '../../../model/script.ts';
import { isDatagram, isRaw } from '../../../model/script-transport.ts';
import { chooseChannel } from './choose-channel.ts';
import { CRAFT_KEYS, resolveCraft } from './craft.ts';
import { resolveFraming } from './framing.ts';
import { resolveIpFields } from './ip-fields.ts';
import { type SizedPayload, resolvePayload } from './payload.ts';
import type { Actor, Place, ScriptScope } from './scope.ts';

interface Sent {
  readonly instruction: Instruction;
  readonly size: number;
}

type Timing = Pick<Instruction, 'step' | 'after' | 'at' | 'within'>;

/** The largest payload of a datagram, in bytes: RFC 768's 16-bit length less its header, and of IPv4 the IP header. */
const LARGEST_DATAGRAM = 65_507;

/** None, with a report, where it cannot be sent. */
export function resolveSending(
  scope: ScriptScope,
  actor: Actor,
  action: ScriptAction,
  { path, step }: Place,
  timing: Timing,
): readonly Sent[] {
  const { context, transport, flow } = scope;
  const sized =
    action.send === undefined
      ? null
      : resolvePayload(context, action.send, [...path, 'send'], `${flow}/${step}`, actor.variables);
  const channel = chooseChannel(scope, actor.party, action.to, path);
  if (channel === undefined || sized === undefined) return [];
  if (transport === 'raw-tcp' && CRAFT_KEYS.some((key) => action[key] !== undefined))
    return crafted(scope, action, sized, channel, path, timing);
  if (!checkOpen(scope, actor, channel, path) || !checkSize(scope, sized, path)) return [];
  return plain(scope, action, sized, channel, path, timing);
}

function crafted(
  scope: ScriptScope,
  action: ScriptAction,
  sized: SizedPayload | null,
  channel: number,
  path: Place['path'],
  timing: Timing,
): readonly Sent[] {
  const ip = resolveIpFields(scope.context, action, familyOf(scope, channel), path);
  const craft = ip && resolveCraft(scope, action, channel, sized, ip, path);
  if (craft === undefined) return [];
  return [
    ...stackOf(action.ack, undefined, channel, timing.step),
    { instruction: { ...timing, ...craft }, size: sized?.size ?? 0 },
  ];
}

function plain(
  scope: ScriptScope,
  action: ScriptAction,
  sized: SizedPayload | null,
  channel: number,
  path: Place['path'],
  timing: Timing,
): readonly Sent[] {
  const { context, transport, channels } = scope;
  const ip = isRaw(transport)
    ? resolveIpFields(context, action, familyOf(scope, channel), path)
    : {};
  if (ip === undefined) return [];
  if (sized === null) {
    context.report('S151', path, 'The packet has no content', {
      key: true,
      help: 'Add "send", with "" for none',
    });
    return [];
  }
  if (!checkPacket(scope, action, sized, familyOf(scope, channel), path)) return [];
  const mss = channels[channel]?.mss ?? Infinity;
  const framing = resolveFraming(context, action, sized, transport, mss, path);
  if (framing === undefined) return [];
  return [
    ...stackOf(action.ack, action.retransmit, channel, timing.step),
    {
      instruction: {
        ...timing,
        op: 'send',
        channel,
        payload: sized.payload,
        framing,
        ...(Object.keys(ip).length > 0 && { ip }),
        ...(action.protocol !== undefined && { protocol: action.protocol }),
      },
      size: sized.size,
    },
  ];
}

/** What a sending step says of the stack holds from just before it. */
const stackOf = (
  ack: ScriptAction['ack'],
  retransmit: boolean | undefined,
  channel: number,
  step: string,
): readonly Sent[] =>
  ack === undefined && retransmit === undefined
    ? []
    : [
        {
          instruction: {
            ...{ step, after: 0, at: null, within: null, op: 'stack', channel },
            ack: ack ?? null,
            retransmit: retransmit ?? null,
          },
          size: 0,
        },
      ];

const familyOf = ({ channels }: ScriptScope, channel: number): 4 | 6 =>
  channels[channel]?.destination.address.includes(':') === true ? 6 : 4;

function checkOpen(
  scope: ScriptScope,
  actor: Actor,
  channel: number,
  path: Place['path'],
): boolean {
  const closed = actor.closed.get(channel);
  // Raw stacks send what they are told to, and a middlebox may be who listens.
  const isLost = actor.lost.has(channel) && !isRaw(scope.transport);
  if (closed === undefined && !isLost) return true;
  scope.context.report(
    'S152',
    [...path, 'send'],
    closed === undefined
      ? `"${actor.party}" sends on a connection that a RST has ended before`
      : `"${actor.party}" sends on a connection that it has closed by "${closed}"`,
    { key: true, help: closed === undefined ? 'Send before the RST' : 'Send before it closes' },
  );
  return false;
}

/** Bytes of an IPv4 header without options, and of an IPv6 header. */
const IP_HEADER = { 4: 20, 6: 40 } as const;

/** Without a protocol number, what raw-ip sends is a packet with its header. */
function checkPacket(
  { context, transport }: ScriptScope,
  { protocol }: ScriptAction,
  { payload, size }: SizedPayload,
  family: 4 | 6,
  path: Place['path'],
): boolean {
  if (transport !== 'raw-ip' || protocol !== undefined) return true;
  const isText = payload.kind === 'text' && payload.text.charCodeAt(0) >> 4 !== family;
  if (!isText && payload.kind !== 'random' && size >= IP_HEADER[family]) return true;
  context.report(
    'S153',
    [...path, 'send'],
    `Expected a whole IPv${family} packet, header included`,
    {
      key: true,
      help: 'Add the number of a protocol, such as "protocol: 47", and the header is made for you',
    },
  );
  return false;
}

function checkSize(scope: ScriptScope, sized: SizedPayload | null, path: Place['path']): boolean {
  if (!isDatagram(scope.transport) || sized === null || sized.size <= LARGEST_DATAGRAM) return true;
  scope.context.report(
    'S153',
    [...path, 'send'],
    `Expected a datagram of at most ${LARGEST_DATAGRAM} bytes, found ${sized.size}`,
    { key: true, help: 'Send it in several' },
  );
  return false;
}
