// What of a relay can be changed while it runs, as it is now; a change holds once the relay's thread has taken it.
import type { RelayFault, RelayRule, RelaySpec, RelayStatistics } from '../../../model/relay.ts';
import type { RelaySessionView } from '../../../model/relay-news.ts';
import type { ProxyChange } from '../../../model/traffic.ts';
import { describeAddress } from '../../../model/stream-address.ts';
import type { RelayThread } from '../relay-thread.ts';
import { ControlRefusal } from './control-refusal.ts';

export interface RuleState {
  readonly name: string;
  readonly at: RelayRule['at'];
  readonly enabled: boolean;
}

export class RelaySettings {
  readonly #spec: RelaySpec;
  readonly #thread: Pick<RelayThread, 'change'>;
  readonly #onFaults: (faults: readonly RelayFault[]) => void;
  readonly #disabledRules = new Set<string>();
  #faults: readonly RelayFault[];
  #isEnabled = true;
  /** Changes follow each other, so that each begins with what the one before has left. */
  #last: Promise<unknown> = Promise.resolve();

  /** `onFaults` hears of them when they have changed. */
  constructor(
    spec: RelaySpec,
    thread: Pick<RelayThread, 'change'>,
    onFaults: (faults: readonly RelayFault[]) => void = () => undefined,
  ) {
    this.#spec = spec;
    this.#thread = thread;
    this.#onFaults = onFaults;
    this.#faults = spec.faults;
  }

  get faults(): readonly RelayFault[] {
    return this.#faults;
  }

  get rules(): readonly RuleState[] {
    return this.#spec.rules.map(({ name, at }) => ({
      name,
      at,
      enabled: !this.#disabledRules.has(name),
    }));
  }

  async summary(): Promise<object> {
    const { listen, target, protocol, ordering, workers, transparent } = this.#spec;
    return {
      enabled: this.#isEnabled,
      listen: describeAddress(listen),
      target: target === 'original' ? target : describeAddress(target),
      ...{ transparent, protocol: protocol.protocol, ordering, workers },
      rules: this.rules.length,
      faults: this.faults.length,
      statistics: await this.#statistics(),
    };
  }

  async sessions(): Promise<readonly RelaySessionView[]> {
    return (await this.#thread.change({ kind: 'sessions' })).sessions ?? [];
  }

  async resetSession(session: number): Promise<void> {
    const { isMissing } = await this.#thread.change({ kind: 'reset-session', session });
    if (isMissing) throw new ControlRefusal(404, `There is no session ${session}`);
  }

  enable(isEnabled: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#thread.change({ kind: 'relay', isEnabled });
      this.#isEnabled = isEnabled;
    });
  }

  enableRule(name: string, isEnabled: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#thread.change({ kind: 'rule', name, isEnabled });
      if (isEnabled) this.#disabledRules.delete(name);
      else this.#disabledRules.add(name);
    });
  }

  /** `change` gives the faults from those that there are. */
  changeFaults(
    change: (faults: readonly RelayFault[]) => readonly RelayFault[],
  ): Promise<readonly RelayFault[]> {
    return this.#inTurn(async () => {
      const faults = change(this.#faults);
      await this.#thread.change({ kind: 'faults', faults });
      this.#faults = faults;
      this.#onFaults(faults);
      return faults;
    });
  }

  /** What the traffic of a lab says. Throws a usage fault where there is no such part. */
  async apply(change: ProxyChange): Promise<void> {
    switch (change.kind) {
      case 'proxy':
        return this.enable(change.enabled);
      case 'rule':
        return this.enableRule(change.name, change.enabled);
      case 'fault': {
        const { name, enabled } = change;
        await this.changeFaults((faults) =>
          faults.map((fault) => (fault.name === name ? { ...fault, enabled } : fault)),
        );
      }
    }
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #statistics(): Promise<RelayStatistics | null> {
    return (await this.#thread.change({ kind: 'statistics' })).statistics ?? null;
  }
}
