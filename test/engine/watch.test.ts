import { expect } from 'chai';
import { parseEvent } from '../../src/engine/watch.ts';

const event = (Action: string, Attributes = {}): unknown => ({
  Type: 'container',
  Action,
  Actor: { ID: 'abc', Attributes },
  timeNano: 1_500_000_000_123_000_000,
});

describe('parseEvent()', () => {
  it('reads starts, ends and lacks of memory, of Docker and of Podman', () => {
    const base = { container: 'abc', time: 1_500_000_000_123 };
    expect(parseEvent(event('start'))).to.deep.equal({ ...base, what: 'started' });
    expect(parseEvent(event('oom'))).to.deep.equal({ ...base, what: 'out-of-memory' });
    const ended = { ...base, what: 'exited', exitCode: 3 };
    expect(parseEvent(event('die', { exitCode: '3' }))).to.deep.equal(ended);
    expect(parseEvent(event('died', { containerExitCode: '3' }))).to.deep.equal(ended);
  });

  it('passes over what was not asked for', () => {
    for (const value of [event('exec_die'), {}, null, 'text', { Actor: 1 }])
      expect(parseEvent(value)).to.equal(undefined);
  });
});
