import { expect } from 'chai';
import type { ReceivedSegment } from '../../../../src/roles/endpoint/tcp/event.ts';
import { ReceivedLog, matchesSegment } from '../../../../src/roles/endpoint/tcp/received-log.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';

const { ACK, RST, SYN } = TCP_FLAG;
const segment = (rest: Partial<ReceivedSegment>): ReceivedSegment => ({
  time: 0,
  flags: ACK,
  sequence: 1,
  acknowledgment: 2,
  payloadLength: 0,
  window: 3,
  urgentPointer: 0,
  ttl: 64,
  ipId: 0,
  checksum: 'valid',
  ...rest,
});

describe('roles/endpoint/tcp/received-log', () => {
  it('take() gives the next of a kind once, and passes over those before it', () => {
    const log = new ReceivedLog();
    for (const flags of [SYN, ACK, RST, ACK | RST]) log.add(segment({ flags }));
    expect(log.take({ flags: RST })?.flags).to.equal(RST);
    expect(log.take({ flags: SYN })).to.equal(null);
    expect(log.take({ flags: RST })?.flags).to.equal(ACK | RST);
    expect(log.take({})).to.equal(null);
  });

  it('matchesSegment() looks at everything that the pattern names', () => {
    const bare = { flags: ACK, withoutFlags: RST | SYN, acknowledgment: 2, payloadLength: 0 };
    expect(matchesSegment(segment({}), bare)).to.equal(true);
    for (const other of [
      { flags: 0 },
      { flags: ACK | RST },
      { acknowledgment: 3 },
      { payloadLength: 1 },
    ])
      expect(matchesSegment(segment(other), bare)).to.equal(false);
    expect(matchesSegment(segment({}), { sequence: 9 })).to.equal(false);
  });

  it('add() forgets the oldest of what nobody takes, and counts them', () => {
    const log = new ReceivedLog();
    for (let sequence = 0; sequence <= 4096; sequence += 1) log.add(segment({ sequence }));
    expect(log.forgotten).to.equal(2049);
    expect(log.take({})?.sequence).to.equal(2049);
  });
});
