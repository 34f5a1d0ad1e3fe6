// Logging in (RFC 4252): one way after the other until the server takes one. Keys first; keyboard-interactive and password
// only where the server offers them and somebody can be asked.
import ssh2 from 'ssh2';
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from 'ssh2';
import type { IdentityCallback, Prompt, SignCallback, SigningRequestOptions } from 'ssh2';
import { listLoginKeys } from './login-keys.ts';
import type { LoginKey } from './login-keys.ts';
import type { Secrets } from './secrets.ts';
import { reachedOf } from './where.ts';
import type { Hop } from './hop.ts';

/** One way in that was tried, and why it did not do. */
export interface Attempt {
  readonly what: string;
  readonly why: string;
}

export interface Login {
  readonly handler: AuthHandlerMiddleware;
  /** So far. */
  readonly attempts: readonly Attempt[];
  /** The methods that the server offered last; null: it has not been heard. */
  offered(): readonly string[] | null;
}

const MOST_PASSWORDS = 3;

/** `exhausted` is called when nothing is left to try. */
export function startLogin(
  hop: Hop,
  secrets: Secrets,
  exhausted: (error: Error | null) => void,
): Login {
  const attempts: Attempt[] = [];
  let offered: readonly string[] | null = null;
  const ways = tryWays(hop, secrets, attempts);
  return {
    attempts,
    offered: () => offered,
    // null before the first attempt, which the types do not know.
    handler: (methods: AuthenticationType[] | null, _partial, next) => {
      if (methods !== null) offered = methods;
      ways.next(offered ?? []).then(
        ({ done, value }) => {
          if (done === true) exhausted(null);
          else next(value);
        },
        (error: unknown) => exhausted(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
}

type Ways = AsyncGenerator<AnyAuthMethod, void, readonly string[]>;

async function* tryWays(hop: Hop, secrets: Secrets, attempts: Attempt[]): Ways {
  const username = hop.user;
  for (const candidate of await listLoginKeys(hop, secrets)) {
    if (candidate.kind === 'unusable') {
      attempts.push({ what: candidate.name, why: candidate.why });
      continue;
    }
    const agent = new OneKeyAgent(candidate.key);
    yield { type: 'agent', username, agent };
    attempts.push({
      what: candidate.key.name,
      why: agent.failure ?? 'the server does not accept it',
    });
  }
  // Asks which methods there are: ssh2 does not tell what the server answered to a key.
  const offered = yield { type: 'none', username };
  if (offered.includes('keyboard-interactive')) yield* tryPrompts(hop, secrets, attempts);
  if (offered.includes('password')) yield* tryPasswords(hop, secrets, attempts);
}

async function* tryPasswords(hop: Hop, secrets: Secrets, attempts: Attempt[]): Ways {
  for (let tries = 0; tries < MOST_PASSWORDS; tries += 1) {
    const password = await secrets.answer(`Password of ${reachedOf(hop)}: `, tries > 0);
    if (password === null) {
      attempts.push({ what: 'password', why: 'there is no terminal to ask for it' });
      return;
    }
    yield { type: 'password', username: hop.user, password };
    attempts.push({ what: 'password', why: 'the server does not accept it' });
  }
}

async function* tryPrompts(hop: Hop, secrets: Secrets, attempts: Attempt[]): Ways {
  for (let tries = 0; tries < MOST_PASSWORDS; tries += 1) {
    const round = { isAnswered: true };
    yield await Promise.resolve({
      type: 'keyboard-interactive' as const,
      username: hop.user,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        void answerPrompts(hop, secrets, prompts, tries > 0).then((answers) => {
          round.isAnswered = answers !== null;
          finish(answers ?? []);
        });
      },
    } satisfies AnyAuthMethod);
    const why = round.isAnswered
      ? 'the server does not accept the answers'
      : 'there is no terminal to ask for what the server wishes to know';
    attempts.push({ what: 'keyboard-interactive', why });
    if (!round.isAnswered) return;
  }
}

/** Null where nobody can be asked. */
async function answerPrompts(
  hop: Hop,
  secrets: Secrets,
  prompts: readonly Prompt[],
  isFresh: boolean,
): Promise<string[] | null> {
  const answers: string[] = [];
  for (const { prompt } of prompts) {
    // What is no password is good for once: a code of a device, say.
    const isLasting = /passw/i.test(prompt);
    const answer = await secrets.answer(`${reachedOf(hop)}: ${prompt}`, isFresh || !isLasting);
    if (answer === null) return null;
    answers.push(answer);
  }
  return answers;
}

/**
 * Offers one key. ssh2 asks an agent to sign only after the server has accepted the public half, which is when a passphrase
 * is worth asking for, and it lets an agent take its time.
 */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: LoginKey;
  /** Why it could not sign. */
  failure: string | null = null;

  constructor(key: LoginKey) {
    super();
    this.#key = key;
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(null, [this.#key.public]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    const callback = typeof options === 'function' ? options : done;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.#key.sign(data, hash).then(
      (signature) => callback?.(null, signature),
      (error: unknown) => {
        this.failure = error instanceof Error ? error.message : String(error);
        callback?.(error instanceof Error ? error : new Error(this.failure));
      },
    );
  }
}
