// A list of packets in JSON, each with who sends it, after which delay and what: the config.json of mice endpoints. The list
// stands alone, or in a map beside the transport and the endpoints.
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { Faults } from '../../faults.ts';
import { readDocument } from '../../source/read-yaml.ts';
import { type MapTree, type Tree, childOf } from '../../source/tree.ts';
import type { ReplayConversation, ReplayScript } from '../replay-script.ts';
import { readEnds } from './ends.ts';
import { firstOf } from './first-of.ts';
import { type ListedPacket, readPacket } from './packet.ts';
import { senderNames } from './senders.ts';
import { listSteps } from './list-steps.ts';

export interface PacketList {
  /** Absent when a diagnostic is an error. */
  readonly script?: ReplayScript;
  readonly diagnostics: readonly Diagnostic[];
}

const DIALECT = { noun: 'a list of packets', topKeys: '"packets"', mergeKeys: false, tags: [] };
const LIST_KEYS = ['packets', 'script', 'traffic', 'config', 'messages'];

export function readPacketList(file: string, text: string): PacketList {
  const faults = new Faults();
  const root = readDocument(file, text, faults, DIALECT);
  const script = root && scriptOf(root, faults);
  const diagnostics = faults.sorted([file]);
  return script === undefined || faults.hasErrors ? { diagnostics } : { script, diagnostics };
}

function scriptOf(root: Tree, faults: Faults): ReplayScript | undefined {
  const items = listIn(root);
  if (items === undefined || items.length === 0) {
    faults.add('P001', root.span, 'Expected a list of packets, found none', {
      help: 'Write [{"sender": "client", "delay": 0.1, "payload": "hello"}], or {"packets": [...]}',
    });
    return undefined;
  }
  const packets = items.flatMap((item) => {
    const packet = readPacket(item, faults);
    return packet === undefined ? [] : [packet];
  });
  const top: MapTree | undefined = root.kind === 'map' ? root : undefined;
  const ends = readEnds(top, faults);
  const parties = senderNames(packets, ends, faults);
  if (faults.hasErrors) return undefined;
  const transport = transportOf(top, packets, faults);
  const conversation: ReplayConversation = {
    number: 1,
    transport,
    protocol: transport === 'udp' ? IP_PROTOCOL.udp : IP_PROTOCOL.tcp,
    client: ends.client,
    server: ends.server,
    begin: 0,
    steps: listSteps(packets, parties, transport),
  };
  return {
    level: transport === 'raw-tcp' ? 'raw' : 'payload',
    conversations: [conversation],
    notes: [],
  };
}

function listIn(root: Tree): readonly Tree[] | undefined {
  if (root.kind === 'list') return root.items;
  for (const key of LIST_KEYS) {
    const value = childOf(root, key);
    if (value?.kind === 'list') return value.items;
  }
  return undefined;
}

/** Flags make every packet a segment of its own. */
function transportOf(
  top: MapTree | undefined,
  packets: readonly ListedPacket[],
  faults: Faults,
): 'tcp' | 'udp' | 'raw-tcp' {
  const hasFlags = packets.some(({ flags }) => flags !== null);
  const written = top && firstOf(top, ['transport', 'protocol', 'proto']);
  if (written === undefined) return hasFlags ? 'raw-tcp' : 'tcp';
  const word = written.kind === 'scalar' ? String(written.value).toLowerCase() : '';
  if (word === 'udp' && !hasFlags) return 'udp';
  if (word === 'tcp') return hasFlags ? 'raw-tcp' : 'tcp';
  if (word === 'raw-tcp' || word === 'raw') return 'raw-tcp';
  faults.add(
    'P003',
    written.span,
    hasFlags
      ? "Flags are TCP's, and the transport is not"
      : `Expected the transport tcp, udp or raw-tcp, found "${word}"`,
  );
  return 'tcp';
}
