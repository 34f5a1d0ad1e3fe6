import type { CensorEvent, Effects } from '../../model/middlebox.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { ResidualEntry } from './state/residual.ts';
import type { ActingRule } from './act/acting-rule.ts';
import type { Tally } from './tally.ts';

/** Counts what a censor decided and puts it into events: one for the match and one for the action of each decision, not of each packet. */
export class Reporter {
  readonly #censor: string;
  readonly #tally: Tally;

  constructor(censor: string, tally: Tally) {
    this.#censor = censor;
    this.#tally = tally;
  }

  reportDecision(
    rule: ActingRule,
    detail: string,
    action: CensorEvent['action'],
    view: PacketView,
    effects: Effects,
  ): void {
    this.#tally.hit(rule.name);
    for (const { kind } of rule.actions) this.#tally.act(kind);
    this.reportAction(rule, detail, 'match', view, effects);
    this.reportAction(rule, detail, action, view, effects);
  }

  /** A further action of a decision that was reported. */
  reportAction(
    rule: ActingRule,
    detail: string,
    action: CensorEvent['action'],
    view: PacketView,
    effects: Effects,
  ): void {
    effects.report({ censor: this.#censor, rule: rule.name, ...endsOf(view), detail, action });
  }

  /** A flow falls under a residual block. */
  reportResidual({ rule, actions }: ResidualEntry, view: PacketView, effects: Effects): void {
    this.#tally.act('residual');
    const event = { censor: this.#censor, rule: rule.name, ...endsOf(view) };
    effects.report({
      ...event,
      action: 'residual',
      detail: `residual ${actions.map(({ kind }) => kind).join(', ')}`,
    });
  }

  /** What the censor's program says; about a packet, or null. */
  reportNote(rule: string, detail: string, view: PacketView | null, effects: Effects): void {
    const ends = view === null ? NO_ENDS : endsOf(view);
    effects.report({ censor: this.#censor, rule, action: 'match', ...ends, detail });
  }

  /** The first unparsable packet and then each time their number has doubled: garbage cannot flood the log. */
  reportFault(fault: string, count: number, effects: Effects): void {
    if ((count & (count - 1)) !== 0) return;
    effects.report({
      censor: this.#censor,
      rule: '',
      action: 'error',
      ...NO_ENDS,
      detail: `${fault} (${count} so far)`,
    });
  }
}

type Ends = Pick<
  CensorEvent,
  'protocol' | 'source' | 'sourcePort' | 'destination' | 'destinationPort'
>;

const NO_ENDS: Ends = {
  protocol: 'other',
  source: '',
  sourcePort: 0,
  destination: '',
  destinationPort: 0,
};

const endsOf = (view: PacketView): Ends => ({
  protocol: protocolOf(view.protocol),
  source: view.sourceText,
  sourcePort: view.sourcePort,
  destination: view.destinationText,
  destinationPort: view.destinationPort,
});

function protocolOf(protocol: number): CensorEvent['protocol'] {
  switch (protocol) {
    case IP_PROTOCOL.tcp:
      return 'tcp';
    case IP_PROTOCOL.udp:
      return 'udp';
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return 'icmp';
    default:
      return 'other';
  }
}
