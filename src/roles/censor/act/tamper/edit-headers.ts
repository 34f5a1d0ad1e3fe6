import type { TamperEdit } from '../../../../model/censor-action.ts';
import { readU16, writeU16 } from '../../../../wire/bytes.ts';
import { IPV4 } from '../../../../wire/ipv4.ts';
import { IPV6 } from '../../../../wire/ipv6.ts';
import type { PacketView } from '../../../../wire/packet.ts';
import { TCP } from '../../../../wire/tcp.ts';
import { TCP_OPTION } from '../../../../wire/tcp-options.ts';
import { visitOptions } from './visit-options.ts';

/** Changes header fields and options in the memory of the packet that `view` has loaded. Checksums are left as they are. */
export function editHeaders(view: PacketView, edits: readonly TamperEdit[]): void {
  for (const edit of edits) {
    if (edit.edit === 'field') setField(view, edit.field, edit.value);
    else if (edit.edit === 'tcp-strip' && view.isTcp) stripOption(view, edit.option);
  }
}

function setField(
  view: PacketView,
  field: Extract<TamperEdit, { edit: 'field' }>['field'],
  value: number,
): void {
  const { memory, start, transportStart, version } = view;
  switch (field) {
    case 'ip.ttl':
      memory[start + (version === 4 ? IPV4.ttl : IPV6.hopLimit)] = value;
      return;
    case 'ip.id':
      if (version === 4) writeU16(memory, start + IPV4.id, value);
      return;
    case 'ip.dscp':
      setDscp(view, value);
      return;
    case 'tcp.window':
      if (view.isTcp) writeU16(memory, transportStart + TCP.window, value);
      return;
    case 'tcp.urgent':
      if (view.isTcp) writeU16(memory, transportStart + TCP.urgentPointer, value);
      return;
  }
}

/** The upper six bits of the traffic class; the lower two, ECN, stay (RFC 2474, RFC 3168). */
function setDscp({ memory, start, version, trafficClass }: PacketView, dscp: number): void {
  const value = ((dscp & 0x3f) << 2) | (trafficClass & 3);
  if (version === 4) memory[start + IPV4.trafficClass] = value;
  else writeU16(memory, start, (readU16(memory, start) & 0xf00f) | (value << 4));
}

/** What was the option are NOPs then: the header keeps its length, as middleboxes of the field have it. */
function stripOption(view: PacketView, option: number): void {
  const { memory } = view;
  visitOptions(view, (kind, at, length) => {
    if (kind === option) memory.fill(TCP_OPTION.noOperation, at, at + length);
  });
}
