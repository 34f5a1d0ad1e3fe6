import type { Attempt } from './attempt.ts';
import { type NetworkEvent, networkEvents } from './network-events.ts';
import { type Query, queries } from './queries.ts';
import { type Request, requests } from './requests.ts';
import { type TcpConnect, tcpConnects } from './tcp-connect.ts';
import { type TlsHandshake, tlsHandshakes } from './tls-handshakes.ts';

/** The formats that the test keys are made of, and their versions: `extensions` of df-000. */
export const EXTENSIONS = { dnst: 0, httpt: 0, netevents: 0, tcpconnect: 0, tlshandshake: 0 };

export interface TestKeys {
  readonly failure: string | null;
  readonly failed_operation: string | null;
  readonly queries: readonly Query[];
  readonly tcp_connect: readonly TcpConnect[];
  readonly tls_handshakes: readonly TlsHandshake[];
  readonly requests: readonly Request[];
  readonly network_events: readonly NetworkEvent[];
}

/** Every kind of probe has the same keys; those that it has nothing to say of are empty. */
export const testKeys = (attempt: Attempt): TestKeys => ({
  failure: attempt.observation.failure,
  failed_operation: attempt.observation.operation,
  queries: queries(attempt),
  tcp_connect: tcpConnects(attempt),
  tls_handshakes: tlsHandshakes(attempt),
  requests: requests(attempt),
  network_events: networkEvents(attempt),
});
