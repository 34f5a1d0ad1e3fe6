// QUIC in the lab: programs of the main thread, since Node speaks none.
import type { Observation } from '../../../model/observation.ts';
import type { QuicProbe } from '../../../model/probe.ts';
import type { Flow, Service } from '../../../model/traffic.ts';
import type { AgentContext } from '../../context.ts';
import type { Program } from '../program.ts';
import type { Credentials } from '../protocol.ts';
import { findQuicProgram } from './find-program.ts';
import { probeQuic } from './quic-client.ts';
import { startQuicServers } from './quic-server.ts';
import type { RunningQuic } from './quic-server.ts';

export interface Quic {
  /** Throws a `Fault` when the machine has not the programs that this plan needs. */
  check(): void;
  /** Resolves when the service listens. */
  serve(service: Service, credentials: Credentials): Promise<void>;
  probe(flow: Flow, probe: QuicProbe, attempt: number): Promise<Observation>;
  /** Ends every client and server. */
  stop(): Promise<void>;
}

export function createQuic(context: AgentContext): Quic {
  const { plan, directory } = context;
  const clients = new Set<Program>();
  let servers: RunningQuic[] = [];
  return {
    check: () => {
      if (plan.flows.some(({ probe }) => probe.kind === 'quic')) findQuicProgram('gtlsclient');
      if (plan.services.some(({ serve }) => serve.kind === 'quic')) findQuicProgram('gtlsserver');
    },
    serve: async (service, credentials) => {
      const file = findQuicProgram('gtlsserver');
      const setup = {
        service,
        credentials,
        file,
        directory,
        namespaceFd: context.namespaceFd(service.on),
      };
      servers.push(await startQuicServers(setup));
    },
    probe: (flow, probe, attempt) =>
      probeQuic({
        ...{ flow, probe, attempt, file: findQuicProgram('gtlsclient') },
        ...{ namespaceFd: context.namespaceFd(flow.from), directory },
        onStarted: (program) => {
          clients.add(program);
          void program.ended.then(() => clients.delete(program));
        },
      }),
    stop: async () => {
      for (const client of clients) client.stop('SIGINT');
      await Promise.all([
        ...[...clients].map(({ ended }) => ended),
        ...servers.map((server) => server.stop()),
      ]);
      servers = [];
    },
  };
}
