// TLS over a connected socket, at either end.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { invariant } from '../../../base/invariant.ts';
import type { ScriptTls } from '../../../model/script.ts';
import type { Credentials } from '../protocol.ts';
import { loadTlsClient } from '../tls-client.ts';

/** Shakes hands. Rejects with the error of the socket or of TLS. */
export interface Security {
  connect(socket: Socket): Promise<Duplex>;
  accept(socket: Socket): Promise<Duplex>;
}

/** Loads what all plays of a flow need. `host` is what the certificate must be for where no SNI is sent. */
export async function loadSecurity(
  { sni, alpn, verify }: ScriptTls,
  trust: string,
  credentials: Credentials | null,
  host: string,
): Promise<Security> {
  const client = await loadTlsClient(trust);
  const { TLSSocket: Secured, createSecureContext } = await import('node:tls');
  const secureContext =
    credentials && createSecureContext({ key: credentials.key, cert: credentials.certificate });
  const protocols = alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {};
  const expected = sni === '' ? host : sni;
  return {
    connect: (socket) =>
      shaken(
        client.connect({
          socket,
          rejectUnauthorized: verify,
          checkServerIdentity: (_, certificate) =>
            client.checkServerIdentity(expected, certificate),
          ...(sni !== '' && { servername: sni }),
          ...protocols,
        }),
        'secureConnect',
      ),
    accept: (socket) => {
      invariant(secureContext, 'The end that waits for a TLS client has credentials');
      return shaken(new Secured(socket, { isServer: true, secureContext, ...protocols }), 'secure');
    },
  };
}

async function shaken(stream: TLSSocket, event: 'secure' | 'secureConnect'): Promise<Duplex> {
  await once(stream, event);
  // The last of the handshake is written after this event: what the script sends must not leave with it.
  await setImmediate();
  return stream;
}
