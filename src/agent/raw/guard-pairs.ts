// Of which conversations a node's kernel is kept out while a script plays. Pure.
import type {
  Instruction,
  ScriptChannel,
  ScriptEndpoint,
  SendInstruction,
} from '../../model/script.ts';
import { type StaticPayload, decodePayload } from '../../traffic/script/payload.ts';
import { buildIp } from '../../wire/build.ts';
import { parseIp } from '../../base/addresses.ts';
import { PacketView } from '../../wire/packet.ts';
import type { GuardedPair } from './guard-script.ts';
import type { RawScript } from './raw-script.ts';

/** At the node, for each of its parties that plays; one without a program leaves its side to the kernel. */
export function guardPairs(
  script: RawScript,
  node: string,
  { seed, hasNat }: { readonly seed: number; readonly hasNat: boolean },
): GuardedPair[] {
  const { parties, channels, transport } = script;
  const own = parties.filter((party) => party.node === node && party.program.length > 0);
  return own.flatMap(({ name }) =>
    channels.flatMap((channel, index) =>
      endsAt(channel, name).flatMap(({ mine, theirs, isSource }) => {
        const family = mine.address.includes(':') ? (6 as const) : (4 as const);
        const base = { family, transport, address: mine.address };
        const peer = !isSource && hasNat ? null : theirs;
        const pairs: GuardedPair[] = [{ ...base, port: mine.port, peer }];
        if (transport !== 'raw-ip') return pairs;
        const received = sentPorts(script, channel, index, name, seed);
        return [
          ...pairs,
          ...received.map(({ from, to }) => ({
            ...base,
            port: to,
            peer: peer && { address: peer.address, port: from },
          })),
        ];
      }),
    ),
  );
}

interface OwnEnd {
  readonly mine: ScriptEndpoint;
  readonly theirs: ScriptEndpoint;
  readonly isSource: boolean;
}

function endsAt({ from, to, source, destination }: ScriptChannel, party: string): OwnEnd[] {
  if (from === party) return [{ mine: source, theirs: destination, isSource: true }];
  if (to === party) return [{ mine: destination, theirs: source, isSource: false }];
  return [];
}

interface Ports {
  readonly from: number;
  readonly to: number;
}

/** Ports of TCP and UDP in what the other party of a channel of transport raw-ip sends to `party`. */
function sentPorts(
  { parties }: RawScript,
  channel: ScriptChannel,
  index: number,
  party: string,
  seed: number,
): Ports[] {
  const sender = channel.from === party ? channel.to : channel.from;
  const program = parties.find(({ name }) => name === sender)?.program ?? [];
  const found = new Map<string, Ports>();
  const view = new PacketView();
  for (const send of sendsOf(program, index)) {
    const packet = packetOf(send, channel, seed);
    if (!packet || !view.load(packet, 0, packet.length) || view.sourcePort === 0) continue;
    const ports = { from: view.sourcePort, to: view.destinationPort };
    found.set(`${ports.from} ${ports.to}`, ports);
  }
  return [...found.values()];
}

function packetOf(
  { payload, protocol }: SendInstruction,
  { source, destination }: ScriptChannel,
  seed: number,
): Uint8Array | undefined {
  if (payload.kind === 'template') return undefined;
  const bytes = decodePayload(payload satisfies StaticPayload, seed);
  if (protocol === undefined) return bytes;
  const [from, to] = [parseIp(source.address), parseIp(destination.address)];
  return from.ok && to.ok
    ? buildIp({ source: from.value, destination: to.value }, protocol, bytes)
    : undefined;
}

function sendsOf(program: readonly Instruction[], channel: number): SendInstruction[] {
  const sends: SendInstruction[] = [];
  const bodies = [program];
  for (let body = bodies.pop(); body; body = bodies.pop())
    for (const instruction of body)
      if (instruction.op === 'send' && instruction.channel === channel) sends.push(instruction);
      else if (instruction.op === 'loop') bodies.push(instruction.body);
      else if (instruction.op === 'branch') bodies.push(instruction.yes, instruction.no);
  return sends;
}
