// The protocols that are shipped and the one of docs/protocols.md, compiled.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileProtocolText } from '../../../src/scenario/protocol/compile-protocol-text.ts';
import { compileProtocol } from '../../../src/wire/protocol/compile-protocol.ts';
import type { Field, Message, Protocol, Side } from '../../../src/wire/protocol/contract.ts';
import type { FieldSetting } from '../../../src/model/relay.ts';
import { ROOT } from '../../scenario/compile-text.ts';

export function protocolOf(text: string): Protocol {
  const spec = compileProtocolText(text, 'protocol.yaml');
  if (!spec.ok) throw new Error(spec.error.map(({ message }) => message).join('\n'));
  return compileProtocol(spec.value);
}

export const shipped = (name: string): Protocol =>
  protocolOf(readFileSync(join(ROOT, 'schemas/protocols', `${name}.yaml`), 'utf8'));

/** The first example of docs/protocols.md. */
export function documented(): Protocol {
  const [, text = ''] =
    /```yaml\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/protocols.md'), 'utf8')) ?? [];
  return protocolOf(text);
}

export const SETTINGS: readonly {
  readonly name: string;
  readonly protocol: Protocol;
  readonly type: string;
  readonly side: Side;
  readonly values: Readonly<Record<string, string | number>>;
}[] = [
  {
    name: 'raw',
    protocol: shipped('raw'),
    type: 'message',
    side: 'client',
    values: { data: '0102' },
  },
  {
    name: 'lines',
    protocol: shipped('lines'),
    type: 'message',
    side: 'server',
    values: { line: 'hi' },
  },
  {
    name: 'u32-length',
    protocol: shipped('u32-length'),
    type: 'message',
    side: 'client',
    values: { length: 3, data: '010203' },
  },
  {
    name: 'http request',
    protocol: shipped('http'),
    type: 'message',
    side: 'client',
    values: {
      method: 'POST',
      target: '/',
      version: 'HTTP/1.1',
      'headers.Host': 'blocked.example',
      'headers.Content-Length': '3',
      body: 'abc',
    },
  },
  {
    name: 'http response',
    protocol: shipped('http'),
    type: 'message',
    side: 'server',
    values: { version: 'HTTP/1.1', status: '204', reason: 'No Content' },
  },
  {
    name: 'dns',
    protocol: shipped('dns'),
    type: 'RESPONSE',
    side: 'server',
    values: {
      id: 7,
      rcode: 'NXDOMAIN',
      'questions[0].name': 'Blocked.example',
      'questions[0].type': 'A',
      'answers[0].name': 'blocked.example',
      'answers[0].type': 'AAAA',
      'answers[0].address': 'fd00::1',
      'answers[1].texts[0].text': 'one',
      'answers[1].texts[1].text': '',
      'answers[2].preference': 5,
      'answers[2].exchange': 'mail.example',
      'authorities[0].serial': 0xffff_ffff,
    },
  },
  {
    name: 'tls hello',
    protocol: shipped('tls'),
    type: 'handshake',
    side: 'client',
    values: {
      version: 'TLS1.0',
      'handshake.client_hello.version': 'TLS1.2',
      'handshake.client_hello.session_id': 'aabb',
      'handshake.client_hello.cipher_suites[1].suite': 'TLS_AES_128_GCM_SHA256',
      'handshake.client_hello.extensions.server_name.names[0].host': 'blocked.example',
      'handshake.client_hello.extensions.alpn.protocols[0].protocol': 'h2',
      'handshake.client_hello.extensions.supported_versions.versions[0].version': 'TLS1.3',
      'handshake.client_hello.extensions.key_share.shares[0].group': 'x25519',
      'handshake.client_hello.extensions.key_share.shares[0].key': '00112233',
      'handshake.client_hello.extensions.0x0a0a.data': '',
    },
  },
  {
    name: 'tls alert',
    protocol: shipped('tls'),
    type: 'alert',
    side: 'server',
    values: { level: 'fatal', description: 'unknown_ca' },
  },
  {
    name: 'thermo',
    protocol: documented(),
    type: 'VALUES',
    side: 'server',
    values: {
      version: 1,
      flags: 'URGENT+REPLY',
      id: 9,
      'values[1].kelvin': 300,
      'properties.colour': 'blue',
      'properties.place': 'roof',
    },
  },
];

export const settingsOf = (values: Readonly<Record<string, string | number>>): FieldSetting[] =>
  Object.entries(values).map(([path, value]) => ({ path, value }));

/** Fields that hold no fields, in the order of their bytes. */
export function leavesOf({ root }: Message): readonly Field[] {
  const leaves: Field[] = [];
  const visit = (field: Field): void => {
    if (field.children.length > 0) field.children.forEach(visit);
    else if (!['struct', 'list', 'choice'].includes(field.type.kind)) leaves.push(field);
  };
  visit(root);
  return leaves;
}

/** A value as rules write it. */
export function writtenValue({ value }: Field): string | number {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'bigint' ? String(value) : value;
}

/** What a message becomes when all that was read of it is written, by words where there are. */
export function rewritten(protocol: Protocol, message: Message, side: Side): Uint8Array {
  const values = leavesOf(message).map((field) => ({
    path: field.path,
    value: field.word ?? writtenValue(field),
  }));
  return protocol.write(message.type, values, side);
}
