import { Duplex } from 'node:stream';
import { buildTlsRecords } from '../../../wire/tls-build.ts';
import { TLS_MESSAGE } from '../../../wire/tls-server.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { beginHandshake } from './handshake.ts';
import type { HandshakeOptions } from './handshake.ts';
import { nextSecret } from './key-schedule.ts';
import type { Secrets } from './key-schedule.ts';
import { createMessageReader } from './messages.ts';
import type { TlsMessage } from './messages.ts';
import { createProtection } from './protection.ts';
import type { Protection } from './protection.ts';
import { RECORD, createRecordReader, plainRecord } from './records.ts';
import type { TlsRecord } from './records.ts';
import { ALERT, TlsFault, alertFault } from './tls-fault.ts';

export interface Tls13Connection {
  /** The application's bytes. */
  readonly socket: Duplex;
  /** Resolves to the protocol that the server took, empty for none, when the handshake is over; rejects when it fails. */
  readonly connected: Promise<string>;
}

const WARNING = 1;
const FATAL = 2;

/** Shakes hands over `transport` by a hello with Encrypted Client Hello in it. */
export function connectTls13(transport: Duplex, options: HandshakeOptions): Tls13Connection {
  const handshake = beginHandshake(options);
  const records = createRecordReader();
  const messages = createMessageReader();
  let own: Protection | undefined;
  let theirs: Protection | undefined;
  let application: { suite: CipherSuite; secrets: Secrets } | undefined;
  let suite: CipherSuite | undefined;
  let resolve: (alpn: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const connected = new Promise<string>((onDone, onFault) => {
    resolve = onDone;
    reject = onFault;
  });

  const send = (type: number, content: Uint8Array): boolean =>
    transport.write(own ? own.seal(type, content) : plainRecord(type, content));

  const takeHandshake = (message: TlsMessage): void => {
    const step = handshake.take(message);
    switch (step.kind) {
      case 'more':
        return;
      case 'retry':
        transport.write(plainRecord(RECORD.changeCipherSpec, Uint8Array.of(1)));
        transport.write(plainRecord(RECORD.handshake, step.hello));
        return;
      case 'protect':
        ({ suite } = step);
        own = createProtection(step.suite, step.secrets.client);
        theirs = createProtection(step.suite, step.secrets.server);
        return;
      case 'done':
        if (!suite) return;
        send(RECORD.handshake, step.flight);
        application = { suite, secrets: step.secrets };
        own = createProtection(suite, step.secrets.client);
        theirs = createProtection(suite, step.secrets.server);
        resolve(step.alpn);
    }
  };
  /** Tickets are of no use to us; new keys are (section 4.6.3). */
  const takeLater = ({ type, body }: TlsMessage): void => {
    if (type !== TLS_MESSAGE.keyUpdate || !application) return;
    const { suite: agreed, secrets } = application;
    const server = nextSecret(agreed, secrets.server);
    theirs = createProtection(agreed, server);
    const isAsked = body[0] === 1;
    const client = isAsked ? nextSecret(agreed, secrets.client) : secrets.client;
    if (isAsked) {
      send(RECORD.handshake, Uint8Array.of(TLS_MESSAGE.keyUpdate, 0, 0, 1, 0));
      own = createProtection(agreed, client);
    }
    application = { suite: agreed, secrets: { client, server } };
  };
  const takeAlert = ([, description = 0]: Uint8Array): void => {
    if (description !== ALERT.closeNotify) throw alertFault(description);
    socket.push(null);
  };
  const takeRecord = (record: TlsRecord): void => {
    // A ChangeCipherSpec says nothing any more (section 5).
    if (record.type === RECORD.changeCipherSpec) return;
    const isSealed = theirs !== undefined && record.type === RECORD.applicationData;
    const { type, content } = isSealed && theirs ? theirs.open(record) : record;
    if (type === RECORD.handshake)
      for (const message of messages.push(content))
        if (application) takeLater(message);
        else takeHandshake(message);
    else if (type === RECORD.alert) takeAlert(content);
    else if (type === RECORD.applicationData && application) {
      if (content.length > 0 && !socket.push(content)) transport.pause();
    } else
      throw new TlsFault(
        'ERR_SSL_UNEXPECTED_RECORD',
        `The server sent a record of type ${type} out of order`,
        ALERT.unexpectedMessage,
      );
  };

  const socket = new Duplex({
    write: (bytes: Buffer, _, done) => {
      if (send(RECORD.applicationData, bytes)) done();
      else transport.once('drain', () => done());
    },
    read: () => {
      transport.resume();
    },
    final: (done) => {
      if (!transport.destroyed) send(RECORD.alert, Uint8Array.of(WARNING, ALERT.closeNotify));
      transport.end(() => done());
    },
    destroy: (error, done) => {
      reject(error ?? new Error('The connection was ended'));
      transport.destroy();
      done(error);
    },
  });
  const fail = (error: Error): void => {
    if (error instanceof TlsFault && error.alert !== null && !transport.destroyed) {
      send(RECORD.alert, Uint8Array.of(FATAL, error.alert));
      transport.end();
    }
    reject(error);
    socket.destroy(error);
  };
  // Whoever uses the connection listens too; an error in between must not end the thread.
  socket.on('error', () => undefined);
  connected.catch(() => undefined);
  transport.on('data', (bytes: Buffer) => {
    try {
      for (const record of records.push(bytes)) if (!socket.destroyed) takeRecord(record);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  transport.once('end', () => {
    if (application) socket.push(null);
    else
      fail(new TlsFault('ECONNRESET', 'The server closed the connection in the handshake', null));
  });
  transport.once('error', (error: Error) => fail(error));
  transport.write(buildTlsRecords(handshake.hello));
  return { socket, connected };
}
