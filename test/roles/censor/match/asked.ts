// Conditions put to real packets: what a look answers.
import type { Match } from '../../../../src/model/censor-match.ts';
import type { CensorList } from '../../../../src/model/censor.ts';
import type { Message } from '../../../../src/roles/censor/inspect/message.ts';
import { FlowProgress } from '../../../../src/roles/censor/match/flow-progress.ts';
import { Look } from '../../../../src/roles/censor/match/look.ts';
import { compileMatch } from '../../../../src/roles/censor/match/match-tree.ts';
import { Terms } from '../../../../src/roles/censor/match/terms.ts';
import { TRUE, UNKNOWN } from '../../../../src/roles/censor/match/truth.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { readClientHello } from '../../../../src/wire/tls.ts';
import { readHttpRequest } from '../../../../src/wire/http.ts';
import type { ModelEvaluator } from '../../../../src/model/censor-evaluator.ts';

export interface Asking {
  readonly message?: Message | null;
  readonly question?: number;
  readonly isForward?: boolean;
  readonly inside?: readonly string[];
  readonly lists?: readonly CensorList[];
  readonly seed?: number;
  readonly evaluator?: ModelEvaluator;
  /** Packets of the flow before this one, and how long ago in milliseconds the first was. */
  readonly before?: readonly Uint8Array[];
  readonly age?: number;
}

/** True, false or unknown, and what of the message is told. */
export function ask(match: Match, packet: Uint8Array, asking: Asking = {}): boolean | 'unknown' {
  const { test, look } = askWith(match, packet, asking);
  const truth = test(look);
  return truth === UNKNOWN ? 'unknown' : truth === TRUE;
}

export function tell(match: Match, packet: Uint8Array, asking: Asking = {}): readonly string[] {
  const { tell: tellInto, look } = askWith(match, packet, asking);
  const told: string[] = [];
  tellInto(look, told);
  return told;
}

function askWith(
  match: Match,
  packet: Uint8Array,
  asking: Asking,
): ReturnType<typeof compileMatch> & { readonly look: Look } {
  const { isForward = true, age = 0 } = asking;
  const terms = new Terms(asking.lists, asking.inside, asking.seed, asking.evaluator ?? null);
  const tree = compileMatch(match, terms);
  const view = new PacketView();
  const progress = new FlowProgress(1e15);
  const look = new Look(view, terms.prefixTexts, terms.nameTexts);
  for (const one of [...(asking.before ?? []), packet]) {
    if (!view.load(one, 0, one.length)) throw new Error(view.fault ?? '');
    progress.count(view, isForward);
  }
  look.load(isForward, progress, 1e15 + age * 1000);
  look.ask(asking.message ?? null, asking.question ?? 0);
  return { ...tree, look };
}

export function tlsMessage(bytes: Uint8Array): Extract<Message, { layer: 'tls' }> {
  const reading = readClientHello(bytes, 0, bytes.length);
  if (reading.kind !== 'client-hello') throw new Error('No ClientHello');
  return { layer: 'tls', hello: reading.hello };
}

export function httpMessage(bytes: Uint8Array): Extract<Message, { layer: 'http' }> {
  const reading = readHttpRequest(bytes, 0, bytes.length);
  if (reading.kind !== 'request') throw new Error('No request');
  return { layer: 'http', head: reading.head };
}

export const dnsMessage = (
  ...questions: readonly (readonly [string, number])[]
): Extract<Message, { layer: 'dns' }> => ({
  layer: 'dns',
  query: {
    id: 1,
    opcode: 0,
    recursionDesired: true,
    qdcount: questions.length,
    questions: questions.map(([name, type]) => ({ name, type, class: 1 })),
  },
});
