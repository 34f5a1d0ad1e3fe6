// A rule as questions: what holds for a whole direction of a flow, what is asked of each packet, what is asked of a message.
import { type Random, seededRandom } from '../../../base/random.ts';
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Match } from '../../../model/censor-match.ts';
import type { CensorRule, Residual, Span } from '../../../model/censor.ts';
import { LAYERS, type Layer } from '../inspect/message.ts';
import { conjunctsOf, isOverHead } from './head-field.ts';
import { canBeTrue, layerOfField, layersOf } from './layer.ts';
import type { Look } from './look.ts';
import { compileMatch } from './match-tree.ts';
import { type RuleHead, compileHead } from './rule-head.ts';
import { type RuleLimit, asksProgress, limitOf } from './rule-limit.ts';
import { Terms } from './terms.ts';
import { TRUE } from './truth.ts';
import { describeMatch } from './words.ts';

export interface CompiledRule {
  readonly index: number;
  readonly name: string;
  readonly actions: readonly CensorAction[];
  readonly residual: Residual | null;
  readonly probability: number;
  readonly first: CensorRule['first'];
  readonly engageAfter: Span;
  /** Whether the rule can match a packet of a flow and direction at all. */
  readonly head: RuleHead;
  /** The messages that it looks at; none for a rule over packets alone. */
  readonly layers: ReadonlySet<Layer>;
  /** Whether it is asked about packets by themselves too, of either direction. */
  readonly asksBare: boolean;
  /** A set of patterns that holds the name of every message which the rule matches; null when there is none. */
  readonly nameSet: number | null;
  readonly limit: RuleLimit | null;
  readonly asksProgress: boolean;
  /** Whether it matches, where its head holds. */
  matches(look: Look): boolean;
  /** What of the message matches, such as `tls.sni blocked.example`; only where it does. */
  detail(look: Look): string;
  /** The conditions, in words. */
  readonly words: string;
  /** Whether it stands for the censor's program. */
  readonly isProgram: boolean;
  /** Draws for this rule: answers of its pool. */
  readonly random: Random;
}

export function compileRule(
  rule: CensorRule,
  index: number,
  seed: number,
  terms: Terms = new Terms(),
  isProgram = false,
): CompiledRule {
  const { layers, asksBare } = whatIsAsked(rule);
  const rest = conjunctsOf(rule.match).filter((part) => !isOverHead(part));
  const tree = compileMatch({ all: rest }, terms);
  const limit = limitOf(rule);
  return {
    index,
    name: rule.name,
    actions: rule.actions,
    residual: rule.residual ?? null,
    probability: rule.probability,
    first: rule.first,
    engageAfter: rule.engageAfter,
    head: compileHead(rule, layers, asksBare, terms),
    // A program that is asked about packets by themselves is told what the client says in them.
    layers: new Set(isProgram && asksBare ? LAYERS : layers),
    asksBare,
    nameSet: asksBare ? null : nameSetOf(rest, terms),
    limit,
    asksProgress: limit !== null || asksProgress(rule.match),
    matches: (look) => tree.test(look) === TRUE,
    detail(look) {
      const found: string[] = [];
      tree.tell(look, found);
      return found.join(', ') || (look.message?.layer ?? '');
    },
    words: describeMatch(rule.match) || 'every packet',
    isProgram,
    random: seededRandom(seed).fork(rule.name),
  };
}

/** A forged answer needs a question, and a page a request unless the rule says what it goes by, whether or not a condition names them. */
function whatIsAsked({ match, actions }: CensorRule): {
  layers: readonly Layer[];
  asksBare: boolean;
} {
  if (actions.some(({ kind }) => kind === 'dns'))
    return { layers: canBeTrue(match, 'dns') ? ['dns'] : [], asksBare: false };
  const layers = layersOf(match);
  if (actions.some(({ kind }) => kind === 'blockpage') && !asksContents(match))
    return { layers: ['http'], asksBare: false };
  return { layers, asksBare: canBeTrue(match, null) };
}

function asksContents(match: Match): boolean {
  if ('all' in match) return match.all.some(asksContents);
  if ('any' in match) return match.any.some(asksContents);
  if ('not' in match) return asksContents(match.not);
  return layerOfField(match.field) !== null || /^(payload\.|model$)/.test(match.field);
}

/** A name that is asked about must be in the set, or the whole is not true. */
function nameSetOf(parts: readonly Match[], terms: Terms): number | null {
  for (const part of parts)
    if ('names' in part) return terms.names.idOf({ values: part.names, list: part.list });
  return null;
}
