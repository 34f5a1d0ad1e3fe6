import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type * as Tls from 'node:tls';

/** Node's TLS, loaded when first needed since it is a good part of what a thread costs to start. */
export interface TlsClient {
  /** As `tls.connect`, trusting the lab's authority alone. */
  connect(options: ConnectionOptions): TLSSocket;
  readonly checkServerIdentity: typeof Tls.checkServerIdentity;
}

/** `trust` holds certificate authorities in PEM. */
export async function loadTlsClient(trust: string): Promise<TlsClient> {
  const { checkServerIdentity, connect, createSecureContext } = await import('node:tls');
  const secureContext = createSecureContext({ ca: trust });
  return { connect: (options) => connect({ ...options, secureContext }), checkServerIdentity };
}
