import { EXIT } from '../../base/fault.ts';
import { startAlone } from '../../lab/alone.ts';
import type { PartyReport } from '../../model/script.ts';
import { type Interrupts, listenForInterrupts } from '../../trial/interrupt.ts';
import { tellDiagnostics } from '../compile-file.ts';
import { chooseFlow } from '../endpoint/choose-flow.ts';
import { compileScript } from '../endpoint/compile-script.ts';
import { describeParty, describePlay, describePlays } from '../endpoint/describe-play.ts';
import { type PartyOrder, orderParty } from '../endpoint/order.ts';
import { interruptedCode } from '../exit-code.ts';
import { faultSummary } from '../fault-summary.ts';
import { aloneFile } from '../package-root.ts';
import { makeProgress } from '../progress.ts';
import { tellFault } from '../tell-fault.ts';
import { printJson, printLine } from '../terminal.ts';
import type { Input } from '../verb.ts';

/** One party of a script, played by hand. */
export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const compiled = await compileScript(file, input);
  tellDiagnostics(compiled);
  const { plan, diagnostics } = compiled;
  if (!plan) {
    if (input.has('json')) printJson({ scenario: file, status: 'invalid', diagnostics });
    return EXIT.badScenario;
  }
  const party = orderParty(input, chooseFlow(file, plan, input.text('flow')), plan.seed);
  const plays: PartyReport[] = [];
  const interrupts = listenForInterrupts();
  try {
    await play(input, party, interrupts, plays);
  } catch (error) {
    if (input.has('json')) printJson({ ...summary(party, plays), ...faultSummary(error) });
    return tellFault(error);
  } finally {
    interrupts.release();
  }
  if (input.has('json')) printJson(summary(party, plays));
  else printLine(describePlays(plays));
  if (interrupts.received !== null) return interruptedCode(interrupts);
  return plays.every(({ failure }) => failure === null) ? EXIT.ok : EXIT.expectationFailed;
}

async function play(
  input: Input,
  party: PartyOrder,
  { stopping, killing }: Interrupts,
  plays: PartyReport[],
): Promise<void> {
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const alone = startAlone(aloneFile(), party.order);
  stopping.addEventListener('abort', () => alone.stop(), { once: true });
  killing.addEventListener('abort', () => alone.kill(), { once: true });
  for await (const news of alone.news)
    switch (news.kind) {
      case 'ready':
        progress.note(describeParty(party));
        break;
      case 'play':
        plays.push({ ...news.report, node: party.node });
        progress.note(describePlay(plays.length, news.report));
        break;
      case 'loss':
        progress.warn(`${news.count} ${news.what}`);
        break;
    }
}

function summary({ party, order }: PartyOrder, plays: readonly PartyReport[]): object {
  const failed = plays.find(({ failure }) => failure !== null);
  return { flow: order.flow, party, plays, failure: failed?.failure ?? null };
}
