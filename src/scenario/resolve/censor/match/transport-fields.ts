// Fields of IP, TCP, UDP and ICMP.
import type { FactCondition, FlagsCondition } from '../../../../model/censor-match.ts';
import { type FieldsOf, type Reader, type Readers, reportValue } from './field.ts';
import { type NumberForm, namedUpTo, numberField, wholeUpTo } from './numbers.ts';
import { prefixField } from './patterns.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const UINT32 = 2 ** 32 - 1;

const PORT = wholeUpTo(65_535, 'ports such as 443 or ranges such as "1000-2000"');
const OCTET = wholeUpTo(255, 'numbers from 0 to 255 such as 5, "5-10" or "<=5"');
const SHORT = wholeUpTo(65_535, 'numbers from 0 to 65535 such as 5, "5-10" or ">=5"');
const LONG = wholeUpTo(UINT32, 'numbers from 0 to 4294967295 such as 5, "5-10" or ">=5"');
const VERSION: NumberForm = {
  read: (text) => (text === '4' || text === '6' ? Number(text) : undefined),
  whole: true,
  wish: '4 or 6',
};

export const factField =
  (field: FactCondition['field']): Reader<FactCondition['field']> =>
  (_, value) => ({ field, value });

export const TRANSPORT_FIELDS: Readers<FieldsOf<'ip' | 'tcp' | 'udp' | 'icmp'> | 'ports'> = {
  'ip.src': prefixField('ip.src'),
  'ip.dst': prefixField('ip.dst'),
  'ip.addr': prefixField('ip.addr'),
  'ip.version': numberField('ip.version', VERSION),
  'ip.proto': numberField(
    'ip.proto',
    namedUpTo(255, PROTOCOLS, 'a protocol number or one of "icmp", "tcp", "udp" or "icmpv6"'),
  ),
  'ip.ttl': numberField('ip.ttl', OCTET),
  'ip.id': numberField('ip.id', SHORT),
  'ip.length': numberField('ip.length', SHORT),
  'ip.dscp': numberField('ip.dscp', wholeUpTo(63, 'numbers from 0 to 63')),
  'ip.fragment': factField('ip.fragment'),
  'ip.df': factField('ip.df'),
  'ip.options': factField('ip.options'),
  'tcp.srcport': numberField('tcp.srcport', PORT),
  'tcp.dstport': numberField('tcp.dstport', PORT),
  'tcp.port': numberField('tcp.port', PORT),
  'tcp.flags': flagsField,
  'tcp.seq': numberField('tcp.seq', LONG),
  'tcp.ack': numberField('tcp.ack', LONG),
  'tcp.window': numberField('tcp.window', SHORT),
  'tcp.length': numberField('tcp.length', SHORT),
  'tcp.headerLength': numberField(
    'tcp.headerLength',
    wholeUpTo(60, 'numbers from 20 to 60 such as 20 or ">20"', 20),
  ),
  'tcp.urgent': numberField('tcp.urgent', SHORT),
  'tcp.options': factField('tcp.options'),
  'udp.srcport': numberField('udp.srcport', PORT),
  'udp.dstport': numberField('udp.dstport', PORT),
  'udp.port': numberField('udp.port', PORT),
  'udp.length': numberField('udp.length', SHORT),
  'icmp.type': numberField('icmp.type', OCTET),
  'icmp.code': numberField('icmp.code', OCTET),
  ports: portsField,
};

/** `SYN+!ACK`; alternatives are separated by "|". */
function flagsField(
  ...[place, written]: Parameters<Reader<'tcp.flags'>>
): ReturnType<Reader<'tcp.flags'>> {
  const conditions: FlagsCondition[] = [];
  const texts = Array.isArray(written) ? [written.join('+')] : written.split('|');
  for (const text of texts) {
    const words = text
      .toUpperCase()
      .split(/[+,]/)
      .map((word) => word.trim());
    if (!words.every((word) => FLAGS.includes(word.replace(/^!/, '')))) {
      const help = `The flags: ${FLAGS.join(', ')}`;
      reportValue(place, place.path, 'flags such as "SYN+!ACK"', written, help);
      return undefined;
    }
    conditions.push({
      field: 'tcp.flags',
      set: words.filter((word) => !word.startsWith('!')),
      clear: words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)),
    });
  }
  const [only, ...others] = conditions;
  return others.length === 0 ? only : { any: conditions };
}

const ORDERS = ['<', '<=', '>', '>=', '='] as const;
const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' } as const;

function portsField(...[place, written]: Parameters<Reader<'ports'>>): ReturnType<Reader<'ports'>> {
  const [, left, operator, right] =
    /^(src|dst)\s*([<>]?=?)\s*(src|dst)$/.exec(written.trim()) ?? [];
  const order = ORDERS.find((item) => item === operator);
  if (order !== undefined && left !== right)
    return { field: 'ports', order: left === 'src' ? order : TURNED[order] };
  reportValue(place, place.path, 'a comparison such as "src > dst"', written);
  return undefined;
}
