import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HelloShape, Target } from '../../../model/probe.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient, VersionRange } from '../tls-client.ts';
import { shapeHello } from './shaped-hello.ts';

export interface Handshake {
  readonly target: Target;
  /** Empty sends no SNI. */
  readonly sni: string;
  readonly alpn: readonly string[];
  readonly verify: boolean;
  readonly hello?: HelloShape;
}

export interface SecureStream {
  readonly socket: Duplex;
  /** The protocol that the server took; empty for none. */
  readonly alpn: string;
}

/** Shakes hands over `transport` and judges the certificate where asked to. */
export async function shakeHands(
  transport: Socket,
  handshake: Handshake,
  measurement: Measurement,
  tls: TlsClient,
): Promise<SecureStream> {
  measurement.operation = 'tls_handshake';
  const stream = await (handshake.hello?.ech === undefined
    ? shakeWithNode(transport, handshake, measurement, tls)
    : shakeWithEch(transport, handshake, measurement, tls));
  measurement.mark('tls_handshake');
  return stream;
}

async function shakeWithNode(
  transport: Socket,
  handshake: Handshake,
  measurement: Measurement,
  tls: TlsClient,
): Promise<SecureStream> {
  const { sni, alpn, verify, hello = {} } = handshake;
  const host = judgedName(handshake);
  const socket = tls.connect(
    {
      socket: shapeHello(transport, hello),
      rejectUnauthorized: verify,
      checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
      ...(sni === '' ? {} : { servername: sni }),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    },
    versionRange(hello),
  );
  measurement.onFailure(() => socket.destroy());
  await once(socket, 'secureConnect');
  const { alpnProtocol } = socket;
  return { socket, alpn: typeof alpnProtocol === 'string' ? alpnProtocol : '' };
}

/** Node cannot send Encrypted Client Hello: a client of ours does. */
async function shakeWithEch(
  transport: Socket,
  handshake: Handshake,
  measurement: Measurement,
  tls: TlsClient,
): Promise<SecureStream> {
  const { connectTls13 } = await import('../tls13/client.ts');
  const { sni, alpn, verify, hello = {} } = handshake;
  const client = connectTls13(shapeHello(transport, hello), {
    serverName: sni,
    alpn,
    trust: tls.trust,
    judge: verify
      ? (certificate) => tls.checkServerIdentity(judgedName(handshake), certificate)
      : null,
  });
  measurement.onFailure(() => client.socket.destroy());
  return { socket: client.socket, alpn: await client.connected };
}

function versionRange({ minVersion, maxVersion }: HelloShape): VersionRange | undefined {
  if (minVersion === undefined && maxVersion === undefined) return undefined;
  return { minVersion: `TLSv${minVersion ?? '1.2'}`, maxVersion: `TLSv${maxVersion ?? '1.3'}` };
}

const judgedName = ({ sni, target }: Handshake): string => (sni === '' ? target.host : sni);
