// Plays of scripts from the agent's main thread: each party in the thread of its node.
import { createPairing } from '../../../model/pair-parties.ts';
import type { Pairing } from '../../../model/pair-parties.ts';
import { observePlay } from '../../../model/observe-play.ts';
import type { Observation } from '../../../model/observation.ts';
import type { PartyReport, ScriptSpec } from '../../../model/script.ts';
import type { Flow } from '../../../model/traffic.ts';
import { isRaw } from '../../../model/script-transport.ts';
import type { EndpointThread } from '../endpoint-thread.ts';
import type { PlayEnding, PlayRequest } from '../protocol.ts';
import type { RawEndpoints } from '../../raw/site-endpoints.ts';

export interface Plays {
  /** Resolves when the parties of this machine can be connected to; an attempt that is run opens by itself. */
  open(flow: Flow, spec: ScriptSpec, attempt: number): Promise<void>;
  /** Runs one attempt from `at` on, microseconds since the epoch; null: at once. */
  run(flow: Flow, spec: ScriptSpec, attempt: number, at: number | null): Promise<Observation>;
  /** Ends what of an attempt still plays: a party on another machine has failed. */
  end(ending: PlayEnding): Promise<void>;
}

export interface PlaysOptions {
  /** The nodes of this machine's share. */
  readonly nodes: ReadonlySet<string>;
  readonly thread: (node: string) => EndpointThread;
  readonly raw: RawEndpoints;
}

/** Milliseconds in which the others see by themselves that a party has failed: by the RST of its connections. */
const SEEN_WITHIN = 1000;

/** Milliseconds for the other end of a connection to be reported by another attempt. */
const PAIRED_WITHIN = 1000;

export function createPlays({ nodes, thread, raw }: PlaysOptions): Plays {
  /** Attempts that are open and not yet run. */
  const opened = new Map<string, Promise<void>>();
  /** By flow. */
  const pairings = new Map<string, Pairing>();

  const nodesOf = ({ parties }: ScriptSpec): string[] => [
    ...new Set(parties.map(({ node }) => node).filter((node) => nodes.has(node))),
  ];
  const pairingOf = (flow: string): Pairing => {
    const pairing = pairings.get(flow) ?? createPairing(afterPairingTime);
    pairings.set(flow, pairing);
    return pairing;
  };
  const openNow = async (flow: Flow, spec: ScriptSpec, attempt: number): Promise<void> => {
    if (isRaw(spec.transport)) return raw.open(flow.name, attempt);
    const request = { flow: flow.name, attempt };
    await Promise.all(nodesOf(spec).map((node) => thread(node).call('open', request)));
  };
  const open = (flow: Flow, spec: ScriptSpec, attempt: number): Promise<void> => {
    const key = keyOf({ flow: flow.name, attempt });
    const opening = opened.get(key) ?? openNow(flow, spec, attempt);
    opened.set(key, opening);
    return opening;
  };
  const end = async (ending: PlayEnding, among: readonly string[]): Promise<void> => {
    await Promise.all(among.map((node) => thread(node).call('endPlay', ending)));
  };
  const runParties = async (
    request: PlayRequest,
    spec: ScriptSpec,
    at: number | null,
  ): Promise<readonly PartyReport[]> => {
    const playing = new Set(nodesOf(spec));
    let timer: NodeJS.Timeout | undefined;
    const playOn = async (node: string): Promise<readonly PartyReport[]> => {
      const reports = await thread(node).call('play', { ...request, at });
      playing.delete(node);
      const failed = reports.find(({ failure }) => failure !== null);
      if (failed)
        timer ??= setTimeout(() => {
          const { party, tuples } = failed;
          const ending = { ...request, reason: `Party "${party}" has failed`, tuples };
          // A thread that is gone tells by its own call.
          end(ending, [...playing]).catch(() => undefined);
        }, SEEN_WITHIN);
      return reports;
    };
    try {
      return (await Promise.all([...playing].map(playOn))).flat();
    } catch (error) {
      // Nobody waits for the others any more.
      end({ ...request, reason: 'The play broke', tuples: [] }, [...playing]).catch(
        () => undefined,
      );
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    open,
    run: async (flow, spec, attempt, at) => {
      const request = { flow: flow.name, attempt };
      await open(flow, spec, attempt);
      opened.delete(keyOf(request));
      const reports = isRaw(spec.transport)
        ? await raw.run(flow.name, attempt, at)
        : await runParties(request, spec, at);
      const own = await pairingOf(flow.name).settle(inOrder(spec, reports));
      return observePlay(flow, spec, attempt, own);
    },
    end: (ending) => end(ending, [...nodes]),
  };
}

/** The first party comes first: what the others saw is sorted by it. */
const inOrder = ({ parties }: ScriptSpec, reports: readonly PartyReport[]): PartyReport[] =>
  parties.flatMap(({ name }) => reports.filter(({ party }) => party === name));

function afterPairingTime(give: () => void): () => void {
  const timer = setTimeout(give, PAIRED_WITHIN);
  return () => clearTimeout(timer);
}

const keyOf = ({ flow, attempt }: PlayRequest): string => `${attempt} ${flow}`;
