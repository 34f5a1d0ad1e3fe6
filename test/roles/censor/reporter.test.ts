import { expect } from 'chai';
import type { CensorEvent } from '../../../src/model/middlebox.ts';
import type { FlowEnds } from '../../../src/roles/censor/state/residual.ts';
import { Reporter } from '../../../src/roles/censor/reporter.ts';
import { DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import { RuleBook } from '../../../src/roles/censor/match/rule-book.ts';
import { Tally } from '../../../src/roles/censor/tally.ts';
import { buildIp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { DROP, V4, datagram, ip, sniRule, text } from './playbook.ts';

function report(
  act: (reporter: Reporter, effects: Parameters<Reporter['reportFault']>[2]) => void,
  tally = new Tally(),
) {
  const events: CensorEvent[] = [];
  act(new Reporter('gfw', tally), { emit: () => undefined, report: (event) => events.push(event) });
  return events;
}

const view = (packet: Uint8Array): PacketView => {
  const loaded = new PacketView();
  loaded.load(packet, 0, packet.length);
  return loaded;
};
const BOOK = new RuleBook({ ...DEFAULT_CENSOR, rules: [sniRule(DROP)] }, 1, new PacketView(), null);
const [RULE] = BOOK.rules;
if (RULE === undefined) throw new Error('the book has a rule');

describe('roles/censor/reporter', () => {
  it('reportDecision() gives a match and its action', () => {
    const events = report((reporter, effects) => {
      reporter.reportDecision(RULE, 'tls.sni x', 'drop', view(datagram(V4, text('x'))), effects);
    });
    expect(events).to.deep.equal(
      (['match', 'drop'] as const).map((action) => ({
        censor: 'gfw',
        rule: 'forbidden',
        action,
        protocol: 'udp',
        source: '10.0.0.1',
        sourcePort: 40_000,
        destination: '10.0.0.2',
        destinationPort: 443,
        detail: 'tls.sni x',
      })),
    );
  });

  it('reportResidual() names the action that goes on', () => {
    const entry = {
      rule: RULE,
      actions: [DROP],
      refresh: false,
      existing: false,
      probability: 1,
      spared: new WeakSet<FlowEnds>(),
      duration: 1,
      from: 0,
      until: 1,
    };
    const packet = buildIp({ source: ip('fd00::1'), destination: ip('fd00::2') }, 47, text('x'));
    const [event] = report((reporter, effects) => {
      reporter.reportResidual(entry, view(packet), effects);
    });
    expect(event).to.include({ action: 'residual', protocol: 'other', detail: 'residual drop' });
  });

  it('reportDecision() and reportResidual() count', () => {
    const tally = new Tally();
    report((reporter, effects) => {
      const packet = view(datagram(V4, text('x')));
      reporter.reportDecision(RULE, 'x', 'drop', packet, effects);
      reporter.reportDecision(RULE, 'x', 'drop', packet, effects);
    }, tally);
    const { rules, actions } = tally.snapshot([], { known: 0, evicted: 0, brokenDatagrams: 0 });
    expect(rules).to.deep.equal([{ name: 'forbidden', hits: 2 }]);
    expect(actions).to.deep.equal({ drop: 2 });
  });

  it('reportFault() reports each time the number has doubled', () => {
    const events = report((reporter, effects) => {
      for (let count = 1; count <= 20; count += 1) reporter.reportFault('bad', count, effects);
    });
    expect(events.map(({ detail }) => detail)).to.deep.equal(
      [1, 2, 4, 8, 16].map((count) => `bad (${count} so far)`),
    );
  });
});
