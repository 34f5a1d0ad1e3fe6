// The messages of a handshake of TLS 1.3, in their order: RFC 8446 section 2. Bytes in, bytes out; the stream is client.ts.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { invariant } from '../../../base/invariant.ts';
import { concatBytes } from '../../../wire/bytes.ts';
import { TLS_GROUP } from '../../../wire/tls.ts';
import {
  TLS_MESSAGE,
  readCertificateVerify,
  readCertificates,
  readEncryptedExtensions,
  readServerHello,
} from '../../../wire/tls-server.ts';
import type { ServerHello } from '../../../wire/tls-server.ts';
import { findSuite } from './cipher-suite.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { createHelloMaker } from './hello.ts';
import type { HelloOptions } from './hello.ts';
import { createKeyExchange } from './key-exchange.ts';
import type { KeyExchange } from './key-exchange.ts';
import { applicationSecrets, finishedData, handshakeSecrets } from './key-schedule.ts';
import type { HandshakeSecrets, Secrets } from './key-schedule.ts';
import type { TlsMessage } from './messages.ts';
import { ALERT, TlsFault, malformed } from './tls-fault.ts';
import { readChain, verifyChain, verifySignature } from './verify.ts';
import type { JudgeCertificate } from './verify.ts';

export interface HandshakeOptions extends HelloOptions {
  /** The authority, in PEM. */
  readonly trust: string;
  /** Null lets any certificate pass. */
  readonly judge: JudgeCertificate | null;
}

/** What is to be done after a message of the server. */
export type HandshakeStep =
  | { readonly kind: 'more' }
  /** Another hello goes out in the clear. */
  | { readonly kind: 'retry'; readonly hello: Uint8Array }
  /** From now on both sides are protected by these. */
  | { readonly kind: 'protect'; readonly suite: CipherSuite; readonly secrets: Secrets }
  /** `flight` goes out protected as before, and what follows on both sides by `secrets`. */
  | {
      readonly kind: 'done';
      readonly flight: Uint8Array;
      readonly secrets: Secrets;
      readonly alpn: string;
    };

export interface Handshake {
  readonly hello: Uint8Array;
  /** Takes the next message of the server; throws a `TlsFault` for one that must not be. */
  take(message: TlsMessage): HandshakeStep;
}

const MORE: HandshakeStep = { kind: 'more' };
const TLS_1_3 = 0x0304;
/** Stands for the first hello in the transcript when there is a second (section 4.4.1). */
const MESSAGE_HASH = 254;

export function beginHandshake(options: HandshakeOptions): Handshake {
  const maker = createHelloMaker(options);
  let exchange = offered(TLS_GROUP.x25519);
  const hello = maker.make(exchange.share, null);
  const transcript: Uint8Array[] = [hello];
  let isRetried = false;
  let suite: CipherSuite | undefined;
  let secrets: HandshakeSecrets | undefined;
  let chain: X509Certificate[] = [];
  let alpn = '';
  let isAsked = false;
  let expected: readonly number[] = [TLS_MESSAGE.serverHello];

  const hashOf = ({ hash }: CipherSuite): Uint8Array =>
    createHash(hash)
      .update(concatBytes(...transcript))
      .digest();

  const retry = (server: ServerHello, chosen: CipherSuite, message: TlsMessage): HandshakeStep => {
    const group = server.keyShare?.group ?? exchange.share.group;
    if (isRetried || (group === exchange.share.group && server.cookie === null))
      throw new TlsFault('ERR_SSL_UNEXPECTED_MESSAGE', 'The server asks for the same hello again');
    isRetried = true;
    const first = hashOf(chosen);
    if (group !== exchange.share.group) exchange = offered(group);
    const second = maker.make(exchange.share, server.cookie);
    const stand = concatBytes(Uint8Array.of(MESSAGE_HASH, 0, 0, first.length), first);
    transcript.splice(0, transcript.length, stand, message.whole, second);
    return { kind: 'retry', hello: second };
  };
  const takeServerHello = (message: TlsMessage): HandshakeStep => {
    const server = readServerHello(message.body);
    if (!server) throw malformed('hello');
    if (server.version !== TLS_1_3)
      throw new TlsFault(
        'ERR_SSL_UNSUPPORTED_PROTOCOL',
        'The server does not speak TLS 1.3',
        ALERT.protocolVersion,
      );
    const chosen = findSuite(server.cipherSuite);
    if (!chosen || (suite && suite.cipher !== chosen.cipher))
      throw new TlsFault('ERR_SSL_WRONG_CIPHER', 'The server chose a cipher that was not offered');
    suite = chosen;
    if (server.isRetry) return retry(server, chosen, message);
    if (server.keyShare?.group !== exchange.share.group)
      throw new TlsFault('ERR_SSL_BAD_KEY_SHARE', 'The server chose a group that was not offered');
    transcript.push(message.whole);
    secrets = handshakeSecrets(chosen, exchange.agree(server.keyShare.key), hashOf(chosen));
    expected = [TLS_MESSAGE.encryptedExtensions];
    return { kind: 'protect', suite: chosen, secrets };
  };
  const takeProtected = (message: TlsMessage): HandshakeStep => {
    invariant(suite && secrets, 'Protected messages come after the keys');
    const { type, body } = message;
    const before = hashOf(suite);
    switch (type) {
      case TLS_MESSAGE.encryptedExtensions: {
        const extensions = readEncryptedExtensions(body);
        if (!extensions) throw malformed('extensions');
        ({ alpn } = extensions);
        expected = [TLS_MESSAGE.certificateRequest, TLS_MESSAGE.certificate];
        break;
      }
      case TLS_MESSAGE.certificateRequest:
        isAsked = true;
        expected = [TLS_MESSAGE.certificate];
        break;
      case TLS_MESSAGE.certificate: {
        const certificates = readCertificates(body);
        if (!certificates) throw malformed('certificate');
        chain = readChain(certificates);
        if (options.judge) verifyChain(chain, options.trust, options.judge, new Date());
        expected = [TLS_MESSAGE.certificateVerify];
        break;
      }
      case TLS_MESSAGE.certificateVerify: {
        const verify = readCertificateVerify(body);
        const [leaf] = chain;
        if (!verify || !leaf) throw malformed('signature');
        verifySignature(leaf, verify, before);
        expected = [TLS_MESSAGE.finished];
        break;
      }
      default:
        checkFinished(body, finishedData(suite, secrets.server, before));
        transcript.push(message.whole);
        return finish(suite, secrets);
    }
    transcript.push(message.whole);
    return MORE;
  };
  const finish = (chosen: CipherSuite, { client, master }: HandshakeSecrets): HandshakeStep => {
    const application = applicationSecrets(chosen, master, hashOf(chosen));
    // Who is asked for a certificate and has none says so (section 4.4.2).
    const none = isAsked ? [handshakeMessage(TLS_MESSAGE.certificate, new Uint8Array(4))] : [];
    transcript.push(...none);
    const data = finishedData(chosen, client, hashOf(chosen));
    const flight = concatBytes(...none, handshakeMessage(TLS_MESSAGE.finished, data));
    expected = [];
    return { kind: 'done', flight, secrets: application, alpn };
  };
  return {
    hello,
    take: (message) => {
      if (!expected.includes(message.type))
        throw new TlsFault(
          'ERR_SSL_UNEXPECTED_MESSAGE',
          `The server sent message ${message.type} out of order`,
          ALERT.unexpectedMessage,
        );
      return message.type === TLS_MESSAGE.serverHello
        ? takeServerHello(message)
        : takeProtected(message);
    },
  };
}

function offered(group: number): KeyExchange {
  const exchange = createKeyExchange(group);
  if (!exchange)
    throw new TlsFault('ERR_SSL_BAD_KEY_SHARE', 'The server asks for a group that was not offered');
  return exchange;
}

function checkFinished(found: Uint8Array, wished: Uint8Array): void {
  if (found.length === wished.length && timingSafeEqual(found, wished)) return;
  throw new TlsFault(
    'ERR_SSL_DIGEST_CHECK_FAILED',
    'The handshake that the server saw is another one',
    ALERT.decryptError,
  );
}

function handshakeMessage(type: number, body: Uint8Array): Uint8Array {
  const header = Uint8Array.of(type, body.length >>> 16, body.length >>> 8, body.length);
  return concatBytes(header, body);
}
