import { expect } from 'chai';
import { type NetworkLog, createNetworkLog } from '../../../src/agent/endpoint/network-log.ts';

/** What is noted when each step takes a second: `operation t0-t`, with bytes and failure. */
function noted(perform: (log: NetworkLog) => void): string[] {
  let time = 0;
  const log = createNetworkLog(() => (time += 1));
  perform(log);
  return log.events.map(({ operation, t0, t, bytes, failure }) =>
    [operation, `${t0}-${t}`, bytes, failure].filter((part) => part != null).join(' '),
  );
}

const SUCCESS = { failure: null, operation: null };

describe('createNetworkLog()', () => {
  it('notes the operations of a TLS probe and what it reads', () => {
    const events = noted((log) => {
      log.begin('connect');
      log.mark('connect');
      log.begin('tls_handshake');
      log.mark('tls_handshake');
      log.begin('read');
      log.read(100);
      log.mark('done');
      log.end(SUCCESS);
    });
    expect(events).to.deep.equal([
      'connect 1-2',
      'tls_handshake_start 3-4',
      'tls_handshake_done 3-5',
      'read 5-7 100',
    ]);
  });

  it('notes beginning and end of a lookup once', () => {
    const events = noted((log) => {
      log.begin('resolve');
      log.read(40);
      log.mark('response');
      log.begin('resolve');
      log.end(SUCCESS);
    });
    expect(events).to.deep.equal(['resolve_start 1-2', 'read 2-3 40', 'resolve_done 1-4']);
  });

  it('begins no lookup with an answer that came over TCP', () => {
    const events = noted((log) => {
      log.begin('read');
      log.read(40);
      log.begin('resolve');
    });
    expect(events).to.deep.equal(['read 1-2 40']);
  });

  for (const [operation, event] of [
    ['connect', 'connect 1-2 connection_refused'],
    ['read', 'read 1-2 connection_refused'],
  ] as const)
    it(`gives a failure to "${operation}"`, () => {
      const events = noted((log) => {
        log.begin(operation);
        log.end({ failure: 'connection_refused', operation });
      });
      expect(events).to.deep.equal([event]);
    });

  it('ends what it began with a failure', () => {
    const events = noted((log) => {
      log.begin('tls_handshake');
      log.end({ failure: 'eof_error', operation: 'tls_handshake' });
    });
    expect(events.at(-1)).to.equal('tls_handshake_done 1-3 eof_error');
  });

  it('keeps the first reads of a long download', () => {
    const events = noted((log) => {
      for (let index = 0; index < 1000; index += 1) log.read(1);
    });
    expect(events).to.have.length(100);
  });
});
