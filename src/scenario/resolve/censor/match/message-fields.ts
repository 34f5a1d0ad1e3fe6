// Fields of DNS, HTTP, TLS, QUIC and SSH messages.
import type { FieldsOf, Readers } from './field.ts';
import { nameField, textField } from './patterns.ts';
import { namedUpTo, numberField, wholeUpTo } from './numbers.ts';
import { regexField } from './regex.ts';
import { TLS_EXTENSIONS } from '../tls-extensions.ts';
import { factField } from './transport-fields.ts';

/** IANA DNS resource record types. */
const QTYPES: Readonly<Record<string, number>> = {
  ...{ A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28 },
  ...{ SRV: 33, SVCB: 64, HTTPS: 65, ANY: 255 },
};
const TLS_VERSIONS: Readonly<Record<string, number>> = {
  ...{ '1': 0x0301, '1.0': 0x0301, '1.1': 0x0302, '1.2': 0x0303, '1.3': 0x0304 },
};
/** RFC 9000, RFC 9369. */
const QUIC_VERSIONS: Readonly<Record<string, number>> = { v1: 1, v2: 0x6b3343cf };
const UINT32 = 2 ** 32 - 1;

export const MESSAGE_FIELDS: Readers<FieldsOf<'dns' | 'http' | 'tls' | 'quic' | 'ssh'>> = {
  'dns.qname': nameField('dns.qname'),
  'dns.qtype': numberField(
    'dns.qtype',
    namedUpTo(65_535, QTYPES, `a number or one of ${Object.keys(QTYPES).join(', ')}`),
  ),
  'dns.qdcount': numberField(
    'dns.qdcount',
    wholeUpTo(65_535, 'numbers from 0 to 65535 such as 1 or ">1"'),
  ),
  'http.host': nameField('http.host'),
  'http.path': textField('http.path'),
  'http.method': textField('http.method'),
  'http.version': textField('http.version'),
  'http.header': textField('http.header'),
  'http.regex': regexField('http.regex'),
  'http.canonical': factField('http.canonical'),
  'tls.sni': nameField('tls.sni'),
  'tls.alpn': textField('tls.alpn'),
  'tls.version': numberField(
    'tls.version',
    namedUpTo(65_535, TLS_VERSIONS, 'versions of TLS such as "1.3" or "<=1.2"'),
  ),
  'tls.extension': numberField(
    'tls.extension',
    namedUpTo(65_535, TLS_EXTENSIONS, 'types of extensions such as "0xffce", "ech" or "esni"'),
  ),
  'tls.ech': factField('tls.ech'),
  'tls.esni': factField('tls.esni'),
  'tls.ja4': textField('tls.ja4'),
  'quic.sni': nameField('quic.sni'),
  'quic.alpn': textField('quic.alpn'),
  'quic.version': numberField(
    'quic.version',
    namedUpTo(UINT32, QUIC_VERSIONS, 'versions of QUIC: v1, v2 or a number such as "0x00000001"'),
  ),
  'quic.ech': factField('quic.ech'),
  'quic.ja4': textField('quic.ja4'),
  'ssh.version': textField('ssh.version'),
  'ssh.kex': textField('ssh.kex'),
};
