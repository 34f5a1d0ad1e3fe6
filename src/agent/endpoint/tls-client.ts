import type { ConnectionOptions, SecureVersion, TLSSocket } from 'node:tls';
import type * as Tls from 'node:tls';

/** The lowest and the highest version offered, where they are not the usual ones. */
export interface VersionRange {
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/** Node's TLS, loaded when first needed since it is a good part of what a thread costs to start. */
export interface TlsClient {
  /** As `tls.connect`, trusting the lab's authority alone. */
  connect(options: ConnectionOptions, versions?: VersionRange): TLSSocket;
  readonly checkServerIdentity: typeof Tls.checkServerIdentity;
  /** The authority that is trusted, in PEM. */
  readonly trust: string;
}

/** `trust` holds certificate authorities in PEM. */
export async function loadTlsClient(trust: string): Promise<TlsClient> {
  const { checkServerIdentity, connect, createSecureContext } = await import('node:tls');
  const usual = createSecureContext({ ca: trust });
  return {
    // Versions belong to the context: a connection of its own range needs one of its own.
    connect: (options, versions) =>
      connect({
        ...options,
        secureContext: versions ? createSecureContext({ ca: trust, ...versions }) : usual,
      }),
    checkServerIdentity,
    trust,
  };
}
