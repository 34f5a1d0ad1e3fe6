// Who speaks TLS with the two ends of connections that censors have taken over. What that needs is loaded when the first is.
import type {
  InterceptionNews,
  InterceptionWish,
  TakenConnection,
} from '../../../roles/intercept/words.ts';
import type { AgentContext } from '../../context.ts';
import type { CensorLogs } from '../censor-logs.ts';
import type { Conversation } from './conversation.ts';
import type { Forger } from './forger.ts';

export class Interceptors {
  readonly #context: AgentContext;
  readonly #logs: CensorLogs;
  readonly #post: (wishes: readonly InterceptionWish[]) => void;
  readonly #conversations = new Map<number, Conversation>();
  #wishes: InterceptionWish[] = [];
  #isLoading = false;
  #tools: Tools | undefined;
  #waiting: InterceptionNews[] = [];
  #isClosed = false;

  constructor(
    context: AgentContext,
    logs: CensorLogs,
    post: (wishes: readonly InterceptionWish[]) => void,
  ) {
    this.#context = context;
    this.#logs = logs;
    this.#post = post;
  }

  hear(news: readonly InterceptionNews[]): void {
    if (this.#isClosed) return;
    if (this.#tools) {
      for (const one of news) this.#take(one, this.#tools);
      return;
    }
    this.#waiting.push(...news);
    if (this.#isLoading) return;
    this.#isLoading = true;
    void this.#load();
  }

  close(): void {
    this.#isClosed = true;
    for (const conversation of this.#conversations.values()) conversation.abandon();
    this.#conversations.clear();
  }

  async #load(): Promise<void> {
    const [{ Conversation }, { Forger }] = await Promise.all([
      import('./conversation.ts'),
      import('./forger.ts'),
    ]);
    this.#tools = { Conversation, forger: new Forger(this.#context.authority) };
    const waiting = this.#waiting;
    this.#waiting = [];
    this.hear(waiting);
  }

  #take(news: InterceptionNews, { Conversation, forger }: Tools): void {
    const { id } = news;
    if (news.kind !== 'open') {
      this.#conversations.get(id)?.hear(news);
      return;
    }
    const { connection } = news;
    const conversation = new Conversation({
      id,
      connection,
      forger,
      give: (wish) => this.#give(wish),
      log: this.#logOf(connection),
      onOver: () => void this.#conversations.delete(id),
    });
    this.#conversations.set(id, conversation);
  }

  #logOf({ censor: name, action, ...ends }: TakenConnection): (line: string) => void {
    if (!action.log) return () => undefined;
    const { censors } = this.#context.plan;
    const on = censors.filter((censor) => censor.name === name).map((censor) => censor.on);
    const { client, clientPort, server, serverPort } = ends;
    const words = `${endpoint(client, clientPort)} > ${endpoint(server, serverPort)}`;
    return (line) => this.#logs.say({ name, on }, `intercepted ${words}: ${line}`);
  }

  /** All that is wished at once crosses together. */
  #give(wish: InterceptionWish): void {
    if (this.#wishes.length === 0)
      queueMicrotask(() => {
        const wishes = this.#wishes;
        this.#wishes = [];
        this.#post(wishes);
      });
    this.#wishes.push(wish);
  }
}

interface Tools {
  readonly Conversation: typeof Conversation;
  readonly forger: Forger;
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
