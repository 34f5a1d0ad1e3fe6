import type { ClientHello } from '../../../wire/tls.ts';
import type { DnsMessage } from '../../../wire/dns.ts';
import type { HttpRequestHead } from '../../../wire/http.ts';

/** Protocols that a censor reads the meaning of. */
export type Layer = 'dns' | 'http' | 'tls';

/** The part of a DNS query that a forged answer echoes. */
export type DnsQuery = Pick<DnsMessage, 'id' | 'opcode' | 'recursionDesired' | 'questions'>;

/** Something that a client said and that rules look at. */
export type Message =
  | { readonly layer: 'dns'; readonly query: DnsQuery }
  | { readonly layer: 'http'; readonly head: HttpRequestHead }
  | { readonly layer: 'tls'; readonly hello: ClientHello };
