import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { Tape } from '../support/tape.ts';

/** A request that the middle answers with `payload` and a FIN; the server never gets it. */
function answered(payload: string): Tape {
  const tape = new Tape({ destinationPort: 80 });
  tape.handshake();
  tape.pass(
    51,
    { forward: true, sequence: 1001, payload: 'GET / HTTP/1.1\r\n\r\n' },
    { to: 'middle.inside' },
  );
  tape.pass(
    57,
    { forward: false, flags: ['FIN', 'PSH', 'ACK'], sequence: 5001, payload },
    { from: 'middle.inside' },
  );
  return tape;
}

describe('detectInjectedPage()', () => {
  it('finds a response that the server never sent', () => {
    const tape = answered('HTTP/1.1 403 Forbidden\r\n\r\nblocked');
    const [verdict] = analyse(tape.evidence(tape.observation({ probe: 'http', status: 403 })));
    expect(verdict).to.include({
      failure: null,
      cause: 'injected-page',
      by: 'middle',
      summary: 'HTTP page injected by middle',
    });
  });

  it('explains a failure by the page, not by the FIN that came with it', () => {
    const tape = answered('HTTP/1.1 302 Found\r\n\r\n');
    const seen = tape.observation({ probe: 'http', failure: 'http_unexpected_status_code' });
    expect(analyse(tape.evidence(seen))[0]).to.include({ cause: 'injected-page' });
  });
});

describe('detectInjectedData()', () => {
  it('finds payload of another kind', () => {
    const tape = answered('\u0015\u0003\u0001alert');
    const seen = tape.observation({ failure: 'ssl_failed_handshake' });
    expect(analyse(tape.evidence(seen))[0]).to.include({
      cause: 'injected-data',
      by: 'middle',
      summary: 'data injected by middle',
    });
  });
});

describe('detectInjectedFin()', () => {
  it('finds a FIN without payload that neither end sent', () => {
    const tape = answered('');
    const seen = tape.observation({ failure: 'eof_error', operation: 'read' });
    expect(analyse(tape.evidence(seen))[0]).to.include({ cause: 'injected-fin', by: 'middle' });
  });
});
