import { EXIT } from '../../base/fault.ts';
import { startAloneRelay } from '../../lab/alone.ts';
import { describeCounters, describeNews } from '../../model/describe-relay.ts';
import type { RelayStatistics } from '../../model/relay.ts';
import { type Interrupts, listenForInterrupts } from '../../trial/interrupt.ts';
import { interruptedCode } from '../exit-code.ts';
import { faultSummary } from '../fault-summary.ts';
import { aloneRelayFile } from '../package-root.ts';
import { makeProgress } from '../progress.ts';
import { type RelayByHand, orderRelay } from '../relay/order.ts';
import { tellFault } from '../tell-fault.ts';
import { printJson, printLine } from '../terminal.ts';
import type { Input } from '../verb.ts';

/** A relay by hand, until Ctrl-C. */
export async function run(input: Input): Promise<number> {
  const relay = orderRelay(input);
  const outcome: Outcome = { listening: [], control: null, statistics: null };
  const interrupts = listenForInterrupts();
  try {
    await carry(input, relay, interrupts, outcome);
  } catch (error) {
    if (input.has('json')) printJson({ ...summary(relay, outcome), ...faultSummary(error) });
    return tellFault(error);
  } finally {
    interrupts.release();
  }
  if (input.has('json')) printJson(summary(relay, outcome));
  else if (outcome.statistics !== null) printLine(describeCounters(outcome.statistics));
  return interrupts.received === null ? EXIT.ok : interruptedCode(interrupts);
}

interface Outcome {
  listening: readonly string[];
  control: string | null;
  statistics: RelayStatistics | null;
}

async function carry(
  input: Input,
  { order, target, findings }: RelayByHand,
  { stopping, killing }: Interrupts,
  outcome: Outcome,
): Promise<void> {
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const alone = startAloneRelay(aloneRelayFile(), order);
  stopping.addEventListener('abort', () => alone.stop(), { once: true });
  killing.addEventListener('abort', () => alone.kill(), { once: true });
  for await (const news of alone.news)
    switch (news.kind) {
      case 'ready':
        outcome.listening = news.listening;
        outcome.control = news.control;
        progress.note(`listens on ${news.listening.join(' and ')}, relays to ${target}`);
        if (news.control !== null) progress.note(`is controlled at ${news.control}`);
        break;
      case 'loss':
        progress.warn(`${news.count} ${news.what} were lost`);
        break;
      case 'statistics':
        outcome.statistics = news.statistics;
        break;
      case 'finding': {
        const file = findings?.add(news) ?? null;
        progress.note(`${describeNews(news)}${file === null ? '' : `: ${file}`}`);
        break;
      }
      case 'opened':
      case 'closed':
      case 'note':
        progress.note(describeNews(news));
    }
}

const summary = ({ target }: RelayByHand, outcome: Outcome): object => ({ ...outcome, target });
