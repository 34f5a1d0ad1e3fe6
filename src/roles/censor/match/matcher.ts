import type { Message } from '../inspect/message.ts';
import { type Flow, RULE_OVER } from '../state/flow.ts';
import type { Look } from './look.ts';
import type { CompiledRule } from './rule.ts';
import type { RuleBook } from './rule-book.ts';
import { isPastFirst } from './rule-limit.ts';
import type { RuleSet } from './rule-set.ts';

/** Finds the rules that match a packet, one after the other and in their order. */
export class Matcher {
  /** The message that the rule found last was asked about; null when it was asked about the packet by itself. */
  message: Message | null = null;
  readonly #book: RuleBook;
  readonly #look: Look;
  readonly #picked: CompiledRule[] = [];
  #queue: readonly CompiledRule[] = [];
  #messages: readonly Message[] = [];
  #at = 0;

  constructor(book: RuleBook) {
    this.#book = book;
    this.#look = book.look;
  }

  /** Turns to the packet in the view, and to the messages that it completed. */
  begin(
    flow: Flow,
    rules: RuleSet,
    isForward: boolean,
    messages: readonly Message[],
    now: number,
  ): void {
    this.#at = 0;
    this.#messages = messages;
    if (rules.bare.length === 0 && messages.length === 0) {
      this.#queue = rules.bare;
      return;
    }
    this.#look.load(isForward, flow.progress, now);
    this.#queue = messages.length === 0 ? rules.bare : this.#pick(rules, messages);
  }

  /** The next rule that matches; null when there is none. */
  next(flow: Flow): CompiledRule | null {
    for (;;) {
      const rule = this.#queue[this.#at];
      if (rule === undefined) return null;
      this.#at += 1;
      if (rule === this.#queue[this.#at] || flow.hasMark(rule, RULE_OVER)) continue;
      if (!this.#isPast(rule, flow) && this.#isTrue(rule)) return rule;
    }
  }

  /** What made the rule found last match. */
  detailOf(rule: CompiledRule): string {
    return this.message === null ? rule.words : rule.detail(this.#look);
  }

  /** The rules that can match, in their order, some perhaps more than once: those for all messages, and those for the names that these say. */
  #pick(rules: RuleSet, messages: readonly Message[]): readonly CompiledRule[] {
    const picked = this.#picked;
    picked.length = 0;
    for (const rule of rules.bare) picked.push(rule);
    for (const message of messages) {
      for (const rule of rules.scanned(message.layer)) picked.push(rule);
      if (rules.hasNames) this.#pickByName(rules, message);
    }
    return picked.sort((left, right) => left.index - right.index);
  }

  #pickByName(rules: RuleSet, message: Message): void {
    const look = this.#look;
    for (let question = 0; question < questionsOf(message); question += 1) {
      look.ask(message, question);
      const { ids, count } = look.nameSets;
      for (let at = 0; at < count; at += 1)
        for (const rule of this.#book.rulesNaming(ids[at] ?? -1))
          if (rule.layers.has(message.layer) && rules.includes(rule)) this.#picked.push(rule);
    }
  }

  #isPast({ limit }: CompiledRule, { progress }: Flow): boolean {
    if (limit === null || progress === null) return false;
    return isPastFirst(limit, progress, this.#look.isForward, this.#look.view);
  }

  #isTrue(rule: CompiledRule): boolean {
    const look = this.#look;
    this.message = null;
    if (rule.asksBare) {
      look.ask(null, 0);
      if (rule.matches(look)) return true;
    }
    if (rule.layers.size === 0) return false;
    for (const message of this.#messages) {
      if (!rule.layers.has(message.layer)) continue;
      // All conditions must hold for one and the same question.
      for (let question = 0; question < questionsOf(message); question += 1) {
        look.ask(message, question);
        if (!rule.matches(look)) continue;
        this.message = message;
        return true;
      }
    }
    return false;
  }
}

const questionsOf = (message: Message): number =>
  message.layer === 'dns' ? Math.max(1, message.query.questions.length) : 1;
