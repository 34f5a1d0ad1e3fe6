import type { FactCondition } from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import { IPV4 } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP } from '../../../wire/tcp.ts';
import { type ClientHello, TLS_EXTENSION } from '../../../wire/tls.ts';
import type { Look } from './look.ts';

/** The encrypted_server_name of draft-ietf-tls-esni-02, which the GFW drops. */
const ENCRYPTED_SERVER_NAME = 0xffce;

/** Whether it is so; null where the packet does not say. */
export function readFact(field: FactCondition['field'], { view, message }: Look): boolean | null {
  switch (field) {
    case 'ip.fragment':
      return view.isFragment;
    case 'ip.df':
      // IPv6 has no such bit: its routers never fragment.
      return view.version === 4 ? view.dontFragment : null;
    case 'ip.options':
      return hasIpOptions(view);
    case 'tcp.options':
      return view.isTcp ? view.payloadStart - view.transportStart > TCP.headerLength : null;
    case 'http.canonical':
      return message?.layer === 'http' ? message.head.canonical : null;
    case 'tls.ech':
      return message?.layer === 'tls' ? offersEch(message.hello) : null;
    case 'quic.ech':
      return message?.layer === 'quic' ? offersEch(message.hello) : null;
    case 'tls.esni':
      return message?.layer === 'tls'
        ? message.hello.extensions.includes(ENCRYPTED_SERVER_NAME)
        : null;
    default:
      return unreachable(field, 'fact');
  }
}

const offersEch = ({ extensions }: ClientHello): boolean =>
  extensions.includes(TLS_EXTENSION.encryptedClientHello);

/** Options of IPv4, extension headers of IPv6. */
const hasIpOptions = ({ version, start, transportStart }: PacketView): boolean =>
  transportStart - start > (version === 4 ? IPV4.headerLength : IPV6.headerLength);
