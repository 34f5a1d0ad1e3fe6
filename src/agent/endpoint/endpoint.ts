import type { Observation } from '../../model/observation.ts';
import { createLinger } from './linger.ts';
import { openLog } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { measure } from './measurement.ts';
import { performProbe } from './probes/perform.ts';
import type {
  EndpointMethods,
  EndpointSetup,
  LoadRequest,
  PlayEnding,
  PlayRequest,
  ProbeRequest,
  StartRequest,
} from './protocol.ts';
import type { PartyReport } from '../../model/script.ts';
import { createScripts } from './script/scripts.ts';
import { loadTlsClient } from './tls-client.ts';
import type { TlsClient } from './tls-client.ts';
import type { RunningService, ServiceShortfall } from './services/running-service.ts';
import { startService } from './services/start.ts';
import { rehearse } from './script/rehearse.ts';
import { isDatagram } from '../../model/script-transport.ts';

/** The services and probes of one node. Its sockets are opened in the network namespace of the thread that calls. */
export interface Endpoint {
  /** Loads what the coming probes need, so that the first is as quick as the others. */
  load(request: LoadRequest): Promise<null>;
  /** Resolves when every service accepts. */
  start(request: StartRequest): Promise<null>;
  probe(request: ProbeRequest): Promise<Observation>;
  open(request: PlayRequest): Promise<null>;
  play(request: EndpointMethods['play']['params']): Promise<readonly PartyReport[]>;
  endPlay(ending: PlayEnding): Promise<null>;
  /** Ends every service and connection and writes the logs out; the endpoint can start again afterwards. */
  stop(): Promise<readonly ServiceShortfall[]>;
}

/** Milliseconds that finished connections have to close when everything stops. */
const SETTLE_LIMIT = 300;

export function createEndpoint({
  node,
  logs,
  trust,
  scripts: setups,
}: Omit<EndpointSetup, 'namespaceFd'>): Endpoint {
  const linger = createLinger();
  const scripts = createScripts(node, trust, setups);
  let running: RunningService[] = [];
  let openLogs: LogFile[] = [];
  let loading: Promise<TlsClient> | undefined;
  const tls = (): Promise<TlsClient> => (loading ??= loadTlsClient(trust));
  return {
    load: async ({ probes }) => {
      if (probes.includes('tls') || probes.includes('https')) await tls();
      await scripts.load();
      if (setups.some(({ spec }) => !isDatagram(spec.transport))) await rehearse();
      return null;
    },
    start: async ({ services }) => {
      await Promise.all(
        services.map(async (setup) => {
          const log = openLog(logs, node, setup.service.name);
          openLogs.push(log);
          running.push(await startService(setup, log));
        }),
      );
      return null;
    },
    probe: (request) =>
      measure(node, request, (measurement) =>
        performProbe(request.probe, measurement, { linger, tls }),
      ),
    open: (request) => scripts.open(request),
    play: (request) => scripts.play(request),
    endPlay: (ending) => {
      scripts.endPlay(ending);
      return Promise.resolve(null);
    },
    stop: async () => {
      await Promise.all([scripts.stop(), linger.settle(SETTLE_LIMIT)]);
      await Promise.all(running.map((service) => service.close()));
      await Promise.all(openLogs.map((log) => log.close()));
      const shortfalls = running.flatMap((service) => service.shortfall?.() ?? []);
      running = [];
      openLogs = [];
      return shortfalls;
    },
  };
}
