// Conditions over what a client says: names, types, paths.
import type { CensorAction } from '../../../model/censor-action.ts';
import type { MatchCondition } from '../../../model/censor-match.ts';
import type { Layer, Message } from '../inspect/message.ts';
import { compileGlobs, compileNames } from './name-pattern.ts';

/** A forged answer needs a question and a page needs a request, whether or not a condition names them. */
export function layerOf(
  conditions: readonly MatchCondition[],
  actions: readonly CensorAction[],
): Layer | null {
  for (const { field } of conditions) {
    if (field.startsWith('dns.')) return 'dns';
    if (field.startsWith('http.')) return 'http';
    if (field.startsWith('tls.')) return 'tls';
  }
  if (actions.some(({ kind }) => kind === 'dns')) return 'dns';
  return actions.some(({ kind }) => kind === 'blockpage') ? 'http' : null;
}

/** A test for messages: what of one matches, such as `tls.sni blocked.example`, or null. */
export function compileMessageTest(
  conditions: readonly MatchCondition[],
  layer: Layer | null,
): (message: Message) => string | null {
  const tests = conditions.flatMap(compileCondition);
  return (message) => {
    if (message.layer !== layer) return null;
    if (message.layer !== 'dns') {
      const details = tests.map((test) => test(message, 0));
      return details.includes(null) ? null : details.join(', ') || message.layer;
    }
    // All conditions must hold for one and the same question.
    for (let question = 0; question < message.query.questions.length; question += 1) {
      const details = tests.map((test) => test(message, question));
      if (!details.includes(null)) return details.join(', ') || 'dns';
    }
    return null;
  };
}

type MessageTest = (message: Message, question: number) => string | null;

function compileCondition(condition: MatchCondition): readonly MessageTest[] {
  switch (condition.field) {
    case 'dns.qname': {
      const matches = compileNames(condition.names);
      return [textTest('dns.qname', dnsName, matches)];
    }
    case 'dns.qtype': {
      const { ranges } = condition;
      return [
        (message, question) => {
          const type =
            message.layer === 'dns' ? message.query.questions[question]?.type : undefined;
          return type !== undefined &&
            ranges.some(([low, high]) => type >= (low ?? 0) && type <= (high ?? Infinity))
            ? `dns.qtype ${type}`
            : null;
        },
      ];
    }
    case 'tls.sni': {
      const matches = compileNames(condition.names);
      return [textTest('tls.sni', serverName, matches)];
    }
    case 'http.host':
      return [textTest('http.host', httpText('host'), compileNames(condition.names))];
    case 'http.path':
      return [textTest('http.path', httpText('path'), compileGlobs(condition.patterns))];
    case 'http.method':
      return [textTest('http.method', httpText('method'), compileGlobs(condition.patterns))];
    default:
      return [];
  }
}

const textTest =
  (
    field: string,
    read: (message: Message, question: number) => string | null,
    matches: (text: string) => boolean,
  ): MessageTest =>
  (message, question) => {
    const text = read(message, question);
    return text !== null && matches(text) ? `${field} ${text}` : null;
  };

const dnsName = (message: Message, question: number): string | null =>
  message.layer === 'dns' ? (message.query.questions[question]?.name ?? null) : null;
const serverName = (message: Message): string | null =>
  message.layer === 'tls' ? message.hello.serverName : null;
const httpText =
  (part: 'host' | 'path' | 'method') =>
  (message: Message): string | null =>
    message.layer === 'http' ? message.head[part] : null;
