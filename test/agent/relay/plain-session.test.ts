import { expect } from 'chai';
import { PlainSession } from '../../../src/agent/relay/plain-session.ts';
import type { RelayPort } from '../../../src/roles/relay/relay-port.ts';

const HELLO = new TextEncoder().encode('hello');

describe('agent/relay/plain-session', () => {
  let asked: string[];
  let session: PlainSession;
  beforeEach(() => {
    asked = [];
    const port: RelayPort = {
      write: (leg, bytes) => void asked.push(`write ${leg} ${String.fromCharCode(...bytes)}`),
      end: (leg) => void asked.push(`end ${leg}`),
      reset: (leg) => void asked.push(`reset ${leg}`),
      listen: (leg, isWanted) => void asked.push(`listen ${leg} ${isWanted}`),
      process: () => void asked.push('process'),
      audit: () => void asked.push('audit'),
      finding: () => void asked.push('finding'),
      note: () => void asked.push('note'),
      closed: (reason) => void asked.push(`closed ${reason}`),
    };
    session = new PlainSession(1, port, { idleLimit: 1000, onPiece: () => undefined }, 0);
  });
  const since = (act: () => void): string[] => {
    asked.length = 0;
    act();
    return asked;
  };

  it('reads the client once the target has accepted', () => {
    expect(asked).to.deep.equal(['listen client false']);
    expect(since(() => session.dialled(1))).to.deep.equal(['listen client true']);
  });
  it('resets the client where the target does not accept', () =>
    expect(since(() => session.dialFailed())).to.deep.equal([
      'reset client',
      'closed dial-failed',
    ]));
  it('passes bytes on', () => {
    expect(since(() => session.received('client', HELLO, 1))).to.deep.equal(['write server hello']);
    expect(since(() => session.received('server', HELLO, 1))).to.deep.equal(['write client hello']);
  });
  it('reads nothing while something waits', () => {
    expect(since(() => session.drained('server', 9))).to.deep.equal(['listen client false']);
    expect(since(() => session.drained('server', 0))).to.deep.equal(['listen client true']);
  });
  it('ends one half after the other', () => {
    expect(since(() => session.ended('client'))).to.deep.equal(['end server']);
    expect(since(() => session.ended('server'))).to.deep.equal(['end client', 'closed finished']);
  });
  it('passes a reset on', () =>
    expect(since(() => session.failed('server'))).to.deep.equal([
      'reset client',
      'reset server',
      'closed reset-by-server',
    ]));
  it('ends when nothing was heard for its time', () => {
    session.received('client', HELLO, 500);
    expect(session.nextDue).to.equal(1000);
    expect(since(() => session.expire(1000))).to.deep.equal([]);
    expect(session.nextDue).to.equal(1500);
    expect(since(() => session.expire(1500))).to.deep.equal([
      'end client',
      'end server',
      'closed idle',
    ]);
    expect(session.nextDue).to.equal(Infinity);
  });
  it('is over once', () => {
    session.stop();
    expect(since(() => session.stop())).to.deep.equal(['reset client', 'reset server']);
  });
});
