// Conditions over what a client says: names, types, paths.
import type { CensorRule, MatchCondition } from '../../../model/censor.ts';
import { compileGlobs, compileNames } from './name-pattern.ts';
import type { Layer, Message } from '../inspect/message.ts';

/** A forged answer needs a question and a page needs a request, whether or not a condition names them. */
export function layerOf(rule: CensorRule): Layer | null {
  for (const { field } of rule.match) {
    if (field === 'dns.qname' || field === 'dns.qtype') return 'dns';
    if (field === 'http.host' || field === 'http.path' || field === 'http.method') return 'http';
    if (field === 'tls.sni') return 'tls';
  }
  if (rule.action.kind === 'dns') return 'dns';
  return rule.action.kind === 'blockpage' ? 'http' : null;
}

/** A test for messages: what of one matches, such as `tls.sni blocked.example`, or null. */
export function compileMessageTest(rule: CensorRule): (message: Message) => string | null {
  const tests = rule.match.flatMap(compileCondition);
  const layer = layerOf(rule);
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
      const types = condition.values;
      return [
        (message, question) => {
          const type =
            message.layer === 'dns' ? message.query.questions[question]?.type : undefined;
          return type !== undefined && types.includes(type) ? `dns.qtype ${type}` : null;
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
    case 'ip.src':
    case 'ip.dst':
    case 'ip.addr':
    case 'ip.version':
    case 'ip.proto':
    case 'tcp.srcport':
    case 'tcp.dstport':
    case 'tcp.port':
    case 'tcp.flags':
    case 'udp.srcport':
    case 'udp.dstport':
    case 'udp.port':
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
