import { expect } from 'chai';
import { LINKTYPE } from '../../src/wire/pcap.ts';
import { makePcap } from '../wire/captures.ts';
import { DROP, V4, clientData, serverData, sniRule, text } from '../roles/censor/playbook.ts';
import { hello } from '../roles/censor/playbook.ts';
import { censor, hear } from './tape.ts';

describe('judgeBy()', () => {
  it('takes the seed of the plan: chance falls as in the lab', () => {
    const file = makePcap(
      Array.from({ length: 40 }, (_, at) => ({
        time: at * 1000,
        data: clientData({ ...V4, clientPort: 1000 + at }, hello('blocked.example')),
      })),
      LINKTYPE.LINKTYPE_RAW,
    );
    const half = censor([sniRule(DROP, { probability: 0.5 })]);
    const dropped = [hear(file, half), hear(file, half)].map(({ packets }) =>
      packets.flatMap(({ frame, decision }) => (decision === 'drop' ? [frame] : [])),
    );
    expect(dropped[0]).to.deep.equal(dropped[1]);
    expect(dropped[0]!.length).to.be.within(8, 32);
  });

  it('stops, starts and reloads the censor when the run did', () => {
    const file = makePcap(
      Array.from({ length: 6 }, (_, at) => ({
        time: at * 1000,
        data: clientData({ ...V4, clientPort: 1000 + at }, hello('blocked.example')),
      })),
      LINKTYPE.LINKTYPE_RAW,
    );
    const by = censor([sniRule(DROP)]);
    const { packets } = hear(file, by, {
      changes: [
        { time: 4001, change: { kind: 'reload', spec: censor([]) } },
        { time: 1000, change: { kind: 'stop' } },
        { time: 2001, change: { kind: 'start' } },
      ],
    });
    const decisions = packets.map(({ decision }) => decision);
    expect(decisions).to.deep.equal(['drop', 'pass', 'pass', 'drop', 'drop', 'pass']);
  });

  it('takes the word of who asks for who is a client, where the capture begins midway', () => {
    const file = makePcap(
      [serverData(V4, text('midway')), clientData(V4, hello('blocked.example'))].map(
        (data, at) => ({
          time: at * 1000,
          data,
        }),
      ),
      LINKTYPE.LINKTYPE_RAW,
    );
    const { flows, packets } = hear(file, censor([sniRule(DROP)]), { clients: ['10.0.0.1/32'] });
    expect(flows[0]).to.include({ client: '10.0.0.1', serverPort: 443 });
    expect(packets[1]).to.include({ decision: 'drop' });
    expect(hear(file, censor([sniRule(DROP)])).judge.counters.dropped).to.equal(0);
  });
});
