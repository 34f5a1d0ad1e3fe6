import type { ClientHello } from '../../../wire/tls.ts';
import type { DnsMessage } from '../../../wire/dns.ts';
import type { HttpRequestHead } from '../../../wire/http.ts';

/** Protocols that a censor reads the meaning of. */
export type Layer = 'dns' | 'http' | 'quic' | 'ssh' | 'tls';

export const LAYERS: readonly Layer[] = ['dns', 'http', 'quic', 'ssh', 'tls'];
export const isOverTcp = (layer: Layer): boolean => layer !== 'quic';
export const isOverUdp = (layer: Layer): boolean => layer === 'dns' || layer === 'quic';

/** The part of a DNS query that a forged answer echoes. */
export interface DnsQuery extends Pick<
  DnsMessage,
  'id' | 'opcode' | 'recursionDesired' | 'questions'
> {
  /** How many questions the header speaks of: at least as many as there are. */
  readonly qdcount: number;
}

/** Something that a client said and that rules look at. */
export type Message =
  | { readonly layer: 'dns'; readonly query: DnsQuery }
  | { readonly layer: 'http'; readonly head: HttpRequestHead }
  | { readonly layer: 'tls'; readonly hello: ClientHello }
  /** A ClientHello in QUIC Initial packets, and the version of these. */
  | { readonly layer: 'quic'; readonly version: number; readonly hello: ClientHello }
  | SshMessage;

/** Said twice in a connection: when the client has named itself, and when its key exchange has begun. */
export interface SshMessage {
  readonly layer: 'ssh';
  /** The client's identification line, such as `SSH-2.0-OpenSSH_9.2` (RFC 4253 section 4.2). */
  readonly version: string;
  /** Names of key exchange methods in its SSH_MSG_KEXINIT (section 7.1); empty until that has come. */
  readonly kex: readonly string[];
}
