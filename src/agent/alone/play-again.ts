// Play after play of one party, until its time is over.
import { setTimeout as pause } from 'node:timers/promises';
import { invariant } from '../../base/invariant.ts';
import { type AloneOrder, OWN_NODE } from '../../model/alone.ts';
import type { PartyReport, ScriptSpec } from '../../model/script.ts';
import { TIMEOUT } from '../../traffic/failure.ts';
import type { PartyPlayer } from './party-player.ts';

export interface AgainOptions extends Pick<AloneOrder, 'spec' | 'playFor'> {
  readonly player: PartyPlayer;
  /** The first play can begin. */
  readonly onReady: () => void;
  readonly onPlay: (report: PartyReport) => void;
}

/** Milliseconds in which a peer that refuses connections may still be about to start. */
const START_LIMIT = 10_000;
/** Milliseconds after a play that failed: a peer that fails at once is not asked thousands of times a second. */
const AFTER_FAILURE = 100;
/** Milliseconds in which the other side is ready again where it cannot queue. */
const AFTER_PLAY = 20;
/** Milliseconds for which the listening side outlasts its time: what the other began in its last moment still gets here. */
const OUTLAST = 500;

/** Resolves when the time is over, and the play that was then under way. */
export const playAgain = (options: AgainOptions): Promise<void> =>
  isListening(options.spec) ? serve(options) : connect(options);

/** Whether the party that is played is the one that is connected to. */
export const isListening = ({ parties, channels }: ScriptSpec): boolean =>
  channels[0]?.to === parties.find(({ node }) => node === OWN_NODE)?.name;

async function connect({ spec, playFor, player, onReady, onPlay }: AgainOptions): Promise<void> {
  const begun = performance.now();
  let first: number | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const start = performance.now();
    await player.open(attempt);
    if (attempt === 1) onReady();
    const report = await player.run(attempt);
    invariant(report, 'Only waiting can be given up');
    if (first === null && isRefused(report) && performance.now() - begun < START_LIMIT) {
      await pause(AFTER_FAILURE);
      continue;
    }
    first ??= start;
    onPlay(report);
    if (performance.now() - first >= playFor) return;
    if (report.failure !== null) await pause(AFTER_FAILURE);
    else if (spec.transport !== 'tcp' && spec.transport !== 'tls') await pause(AFTER_PLAY);
    if (performance.now() - first >= playFor) return;
  }
}

async function serve({ spec, playFor, player, onReady, onPlay }: AgainOptions): Promise<void> {
  const queues = player.canQueue && playFor > 0;
  let end: number | null = null;
  await player.open(1);
  onReady();
  for (let attempt = 1; ; attempt += 1) {
    const patience =
      end === null ? undefined : setTimeout(() => player.giveUp(attempt), end - performance.now());
    const playing = player.run(attempt);
    if (queues) await player.open(attempt + 1);
    const report = await playing;
    clearTimeout(patience);
    if (!report) return;
    if (!metNobody(report, spec)) {
      onPlay(report);
      if (playFor === 0) return;
      end ??= performance.now() + playFor + OUTLAST;
    }
    if (end !== null && performance.now() >= end) return;
    if (!queues) await player.open(attempt + 1);
  }
}

const isRefused = ({ failure, received }: PartyReport): boolean =>
  failure === 'connection_refused' && received === 0;

/** Whether nothing came before the party gave up waiting for the first thing that it waits for. */
function metNobody({ failure, received, timings, step }: PartyReport, spec: ScriptSpec): boolean {
  if (failure !== TIMEOUT || received > 0) return false;
  const isMeeting = spec.transport.startsWith('raw-') || spec.transport === 'udp';
  const program = spec.parties.find(({ node }) => node === OWN_NODE)?.program ?? [];
  const awaited = program.find(({ op }) => op === 'arrive' || op === 'expect');
  return isMeeting && timings['open'] === undefined && step === awaited?.step;
}
