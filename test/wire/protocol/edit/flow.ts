// A protocol that has all kinds of fields, in the manner of OpenFlow 1.3.
import type { FieldEdit, ListEdit } from '../../../../src/model/relay.ts';
import { type Random, seededRandom } from '../../../../src/base/random.ts';
import type { Edited, Protocol } from '../../../../src/wire/protocol/contract.ts';
import { protocolOf, settingsOf } from '../protocols.ts';

export const flow: Protocol = protocolOf(`protocol: flow
frame: { length: { at: 2, width: 2, least: 8 } }
message: message
type: type
enums:
  types: { HELLO: 0, FLOW_MOD: 14, NOTE: 15 }
  commands: { ADD: 0, MODIFY: 1, DELETE: 2 }
  flags: { SEND: 1, CHECK: 2, RESET: 4 }
  ports: { CONTROLLER: 0xfffffffd, ANY: 0xffffffff }
  fields: { in_port: 0, eth_dst: 3, eth_type: 5, ipv4_src: 11, ipv6_src: 26 }
  ethertypes: { IPv4: 0x0800, ARP: 0x0806 }
  actions: { OUTPUT: 0, GROUP: 22 }
  all: { NO: 0, YES: 1 }
layouts:
  message:
    size: length
    fields:
      - version: { uint: 8, guarded: true }
      - type: { uint: 8, enum: types, guarded: true }
      - length: { uint: 16, guarded: true }
      - xid: uint32
      - choice: type
        cases: { FLOW_MOD: flow-mod, NOTE: note }
  flow-mod:
    - cookie: uint64
    - urgent: { uint: 1, enum: all }
    - table: uint7
    - command: { uint: 8, enum: commands }
    - mini: { uint: 16, enum: flags, flags: true }
    - out_port: { uint: 32, enum: ports }
    - label: { string: 6 }
    - reserved: { pad: 2 }
    - match: { struct: match }
    - instructions: { list: instruction }
  match:
    size: length
    align: 8
    fields:
      - type: uint16
      - length: uint16
      - { list: oxm, key: field, value: value }
  oxm:
    - class: uint16
    - field: { uint: 7, enum: fields }
    - has_mask: uint1
    - length: uint8
    - choice: field
      size: length
      cases: { in_port: port, eth_dst: mac, eth_type: ethertype, ipv4_src: ipv4, ipv6_src: ipv6 }
      else: opaque
  port: [{ value: { uint: 32, enum: ports } }]
  mac: [{ value: mac }, { mask: bytes }]
  ethertype: [{ value: { uint: 16, enum: ethertypes } }]
  ipv4: [{ value: ipv4 }]
  ipv6: [{ value: ipv6 }]
  opaque: [{ value: bytes }]
  instruction:
    size: length
    fields:
      - type: uint16
      - length: uint16
      - { pad: 4 }
      - actions: { list: action }
  action:
    size: length
    fields:
      - type: { uint: 16, enum: actions }
      - length: uint16
      - choice: type
        cases: { OUTPUT: output }
  output:
    - port: { uint: 32, enum: ports }
    - max_len: uint16
    - { pad: 6 }
  note:
    - count: uint8
    - items: { list: item, count: count }
    - text: { string: rest }
  item:
    - length: uint8
    - data: { bytes: length }
`);

/** A FLOW_MOD: three fields to match, and an instruction of two actions. */
export const flowMod: Uint8Array = flow.write(
  'FLOW_MOD',
  settingsOf({
    version: 4,
    xid: 7,
    cookie: '0x1122334455667788',
    table: 3,
    mini: 'SEND+RESET',
    out_port: 'ANY',
    label: 'abc',
    'match.type': 1,
    'match.in_port': 1,
    'match.in_port.length': 4,
    'match.eth_type': 'IPv4',
    'match.ipv4_src': '10.1.2.3',
    'instructions[0].type': 4,
    'instructions[0].actions[0].type': 'OUTPUT',
    'instructions[0].actions[0].port': 2,
    'instructions[0].actions[1].type': 'OUTPUT',
    'instructions[0].actions[1].port': 'CONTROLLER',
  }),
  'client',
);

export const note: Uint8Array = flow.write(
  'NOTE',
  settingsOf({ version: 4, 'items[0].data': '0102', 'items[1].data': 'aa', text: 'hello' }),
  'client',
);

export function edit(
  bytes: Uint8Array,
  change: FieldEdit | ListEdit,
  { fixup = true, random = seededRandom(1) }: { fixup?: boolean; random?: Random } = {},
): Edited {
  return flow.read(bytes, 'client').edit(change, random, fixup);
}

/** What a field says of a message, as rules write it. */
export function said(bytes: Uint8Array, path: string): string | undefined {
  const [field] = flow.read(bytes, 'client').find(path);
  if (field === undefined) return undefined;
  const { value, word } = field;
  return word ?? (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value));
}

/** The bytes that differ, by their place. */
export const differing = (before: Uint8Array, after: Uint8Array): readonly number[] =>
  [...before.keys()].filter((at) => before[at] !== after[at]);

export const onesIn = (bits: number | bigint): number =>
  bits.toString(2).replaceAll('0', '').length;
