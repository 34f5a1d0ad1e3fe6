/** Has names looked up by the main thread, as the relay's own may not wait for an answer; one question for all who ask at once. */
export class NameDesk {
  readonly #ask: (ticket: number, host: string) => void;
  readonly #asking = new Map<string, OnAnswer[]>();
  readonly #hosts = new Map<number, string>();
  #lastTicket = 0;

  constructor(ask: (ticket: number, host: string) => void) {
    this.#ask = ask;
  }

  lookUp(host: string, onAnswer: OnAnswer): void {
    const asking = this.#asking.get(host);
    if (asking) {
      asking.push(onAnswer);
      return;
    }
    this.#lastTicket += 1;
    this.#asking.set(host, [onAnswer]);
    this.#hosts.set(this.#lastTicket, host);
    this.#ask(this.#lastTicket, host);
  }

  /** `failure` is empty where there are addresses. */
  answer(ticket: number, addresses: readonly string[], failure: string): void {
    const host = this.#hosts.get(ticket) ?? '';
    const asking = this.#asking.get(host) ?? [];
    this.#hosts.delete(ticket);
    this.#asking.delete(host);
    for (const onAnswer of asking) onAnswer(addresses, failure);
  }
}

type OnAnswer = (addresses: readonly string[], failure: string) => void;
