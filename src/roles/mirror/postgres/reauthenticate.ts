// The hook for PostgreSQL: a copy authenticates to the target by itself, with passwords that the mirror was told, and says from there on what
// the client says. What the client said to prove itself to the online server goes to nobody.
import { concatBytes, fromLatin1, toHex } from '../../../wire/bytes.ts';
import {
  PostgresFramer,
  type PostgresAuthentication,
  buildPasswordMessage,
  buildSaslInitial,
  buildSaslResponse,
  readAuthentication,
  readErrorFields,
  readStartup,
} from '../../../wire/postgres.ts';
import type { HookOutput, MirrorHook } from '../hook.ts';
import type { PostgresCrypto } from './crypto.ts';
import { SCRAM, ScramClient } from './scram.ts';

/** Bytes of a client that may wait until its copy is authenticated. */
const LIMIT = 1_048_576;

export interface ReauthenticationOptions {
  /** UTF-8, by user; null: there is none for this user. */
  readonly passwordOf: (user: string) => Uint8Array | null;
  readonly crypto: PostgresCrypto;
}

interface Held {
  readonly bytes: Uint8Array;
  readonly answered: number;
}

export class Reauthentication implements MirrorHook {
  listens = true;
  readonly #options: ReauthenticationOptions;
  readonly #output: HookOutput;
  readonly #client = new PostgresFramer('client');
  readonly #target = new PostgresFramer('server');
  #user: Uint8Array = new Uint8Array(0);
  #password: Uint8Array | null = null;
  #scram: ScramClient | null = null;
  /** Whether the client has begun to speak of something else than of who it is. */
  #isClientReady = false;
  /** What it said since, as long as the target is not ready. */
  #held: Held[] = [];
  #heldBytes = 0;
  #hasFailed = false;

  constructor(options: ReauthenticationOptions, output: HookOutput) {
    this.#options = options;
    this.#output = output;
  }

  get holding(): number {
    return this.#heldBytes + this.#client.waiting;
  }

  fromClient(bytes: Uint8Array, answered: number): void {
    if (this.#hasFailed) return;
    if (!this.listens && this.#isClientReady) {
      this.#output.say(bytes, answered);
      return;
    }
    this.#client.push(bytes);
    for (let one = this.#client.next(); one !== null; one = this.#client.next())
      this.#takeFromClient(one, answered);
    if (this.#client.fault !== null) this.#fail(this.#client.fault);
    else if (this.#heldBytes > LIMIT)
      this.#fail('The client says too much before it is authenticated');
  }

  fromTarget(bytes: Uint8Array): void {
    if (this.#hasFailed || !this.listens) return;
    this.#target.push(bytes);
    for (let one = this.#target.next(); one !== null; one = this.#nextOfTarget())
      this.#takeFromTarget(one);
    if (this.#target.fault !== null) this.#fail(this.#target.fault);
  }

  #nextOfTarget(): Uint8Array | null {
    return this.listens && !this.#hasFailed ? this.#target.next() : null;
  }

  #takeFromClient(message: Uint8Array, answered: number): void {
    const { type } = this.#client;
    switch (type.kind) {
      case 'ssl-request':
      case 'gss-request':
        // The target is not asked: whether the client went on in clear is seen by its next message.
        return;
      case 'startup':
        this.#begin(message);
        return;
      case 'cancel-request':
        this.#fail('A request to cancel bears a key of the online server');
        return;
      case 'letter':
        // PasswordMessage, SASLInitialResponse and SASLResponse are one letter.
        if (type.letter === 'p') return;
        this.#isClientReady = true;
        this.#held.push({ bytes: message.slice(), answered });
        this.#heldBytes += message.length;
        if (!this.listens) this.#sayHeld();
        return;
      case 'encryption-reply':
        return;
    }
  }

  #begin(message: Uint8Array): void {
    const user = readStartup(message).get('user') ?? '';
    this.#user = fromLatin1(user);
    this.#password = this.#options.passwordOf(user);
    this.#output.say(message, 0);
  }

  #takeFromTarget(message: Uint8Array): void {
    const { type } = this.#target;
    if (type.kind !== 'letter') return;
    if (type.letter === 'R') this.#answer(readAuthentication(message));
    if (type.letter === 'Z') {
      this.listens = false;
      this.#sayHeld();
    }
    if (type.letter !== 'E') return;
    const fields = readErrorFields(message);
    this.#fail(`The target says ${fields.get('C') ?? ''}: ${fields.get('M') ?? ''}`);
  }

  #answer(wanted: PostgresAuthentication): void {
    const { crypto } = this.#options;
    const password = this.#password;
    if (wanted.kind === 'ok') return;
    if (password === null) {
      this.#fail('The target wants a password, and there is none for this user');
      return;
    }
    switch (wanted.kind) {
      case 'cleartext':
        this.#output.say(buildPasswordMessage(password), 0);
        return;
      case 'md5': {
        const inner = fromLatin1(toHex(crypto.md5(concatBytes(password, this.#user))));
        const outer = toHex(crypto.md5(concatBytes(inner, wanted.salt)));
        this.#output.say(buildPasswordMessage(fromLatin1(`md5${outer}`)), 0);
        return;
      }
      case 'sasl':
        this.#beginScram(password, wanted.mechanisms);
        return;
      case 'sasl-continue':
        this.#proveScram(wanted.data);
        return;
      case 'sasl-final': {
        const fault = this.#scram?.refuse(wanted.data) ?? null;
        if (fault !== null) this.#fail(fault);
        return;
      }
      case 'other':
        this.#fail(`The target wants authentication of type ${wanted.code}, which is not known`);
    }
  }

  #beginScram(password: Uint8Array, mechanisms: readonly string[]): void {
    if (!mechanisms.includes(SCRAM)) {
      this.#fail(`The target wants one of ${mechanisms.join(', ')}, none of which is ${SCRAM}`);
      return;
    }
    this.#scram = new ScramClient(password, this.#options.crypto);
    this.#output.say(buildSaslInitial(SCRAM, fromLatin1(this.#scram.first)), 0);
  }

  #proveScram(serverFirst: string): void {
    const step = this.#scram?.final(serverFirst) ?? { fault: 'The target goes on with nothing' };
    if ('fault' in step) this.#fail(step.fault);
    else this.#output.say(buildSaslResponse(fromLatin1(step.say)), 0);
  }

  /** Both are ready: from here on the copy says what the client says. */
  #sayHeld(): void {
    if (!this.#isClientReady) return;
    for (const { bytes, answered } of this.#held) this.#output.say(bytes, answered);
    const last = this.#held.at(-1)?.answered ?? 0;
    this.#held = [];
    this.#heldBytes = 0;
    const rest = this.#client.rest();
    if (rest.length > 0) this.#output.say(rest, last);
  }

  #fail(reason: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#output.fail(reason);
  }
}
