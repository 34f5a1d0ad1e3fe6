import type { TextCondition } from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import { ja4 } from '../../../wire/ja4.ts';
import type { ClientHello } from '../../../wire/tls.ts';
import type { Look } from './look.ts';

/** The texts of a field, of which any may match; null where the message does not have it. */
export function readTexts(
  field: TextCondition['field'],
  { message }: Look,
): readonly string[] | null {
  switch (field) {
    case 'http.method':
      return message?.layer === 'http' ? [message.head.method] : null;
    case 'http.path':
      return message?.layer === 'http' ? [message.head.path] : null;
    case 'http.version':
      return message?.layer === 'http' ? [message.head.version] : null;
    case 'http.header':
      return message?.layer === 'http' ? message.head.headers : null;
    case 'tls.alpn':
      return message?.layer === 'tls' ? offered(message.hello) : null;
    case 'quic.alpn':
      return message?.layer === 'quic' ? offered(message.hello) : null;
    case 'tls.ja4':
      return message?.layer === 'tls' ? [ja4(message.hello, 't')] : null;
    case 'quic.ja4':
      return message?.layer === 'quic' ? [ja4(message.hello, 'q')] : null;
    case 'ssh.version':
      return message?.layer === 'ssh' ? [message.version] : null;
    case 'ssh.kex':
      return message?.layer === 'ssh' && message.kex.length > 0 ? message.kex : null;
    default:
      return unreachable(field, 'text field');
  }
}

const offered = ({ alpn }: ClientHello): readonly string[] | null =>
  alpn.length === 0 ? null : alpn;
