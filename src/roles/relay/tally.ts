import type { Side } from '../../wire/protocol/contract.ts';
import type { MessageCount, SessionStatistics } from './relay-port.ts';

/** What the sessions of a relay count. */
export class Tally {
  readonly messagesIn: Record<Side, number> = { client: 0, server: 0 };
  readonly messagesOut: Record<Side, number> = { client: 0, server: 0 };
  readonly rules: Map<string, number>;
  framingFaults = 0;
  unread = 0;
  overdue = 0;
  fuzzed = 0;
  readonly #findings = new Map<string, number>();

  constructor(rules: readonly string[]) {
    this.rules = new Map(rules.map((name) => [name, 0]));
  }

  noteRule(name: string): void {
    this.rules.set(name, (this.rules.get(name) ?? 0) + 1);
  }

  noteFinding(answer: string): void {
    this.#findings.set(answer, (this.#findings.get(answer) ?? 0) + 1);
  }

  snapshot(): SessionStatistics {
    const count = (side: Side): MessageCount => ({
      in: this.messagesIn[side],
      out: this.messagesOut[side],
    });
    return {
      rules: Object.fromEntries(this.rules),
      framingFaults: this.framingFaults,
      unread: this.unread,
      overdue: this.overdue,
      fuzzed: this.fuzzed,
      findings: Object.fromEntries(this.#findings),
      messages: { upstream: count('client'), downstream: count('server') },
    };
  }
}
