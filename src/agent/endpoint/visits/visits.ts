// Visits of web pages, from the agent's main thread: a browser or curl is a program like any other, started in its node.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../../../model/observation.ts';
import type { Flow } from '../../../model/traffic.ts';
import { type VisitSpec, plannedVisit, visitFolder } from '../../../model/visit.ts';
import type { AgentContext } from '../../context.ts';
import { type LogFile, openLog } from '../log-file.ts';
import type { Program } from '../program.ts';
import { type Browsing, type Visited, createBrowsing } from './browse.ts';
import { fetchDocument } from './fetch-document.ts';
import { findBrowser, findCurl } from './find-visitor.ts';
import { canBeOrdinary } from './ordinary-user.ts';
import { makeTrustingHome } from './trust.ts';

export interface Visits {
  visit(flow: Flow, visit: VisitSpec, attempt: number): Promise<Observation>;
  /** Ends every visit that is under way, with all that its browser has started. */
  stop(): Promise<void>;
}

/** `authorityFile` is the lab's certificate authority, which is trusted besides those that the visitor knows. */
export function createVisits(context: AgentContext, authorityFile: string): Visits {
  const { directory } = context;
  const browsings = new Map<string, Promise<Browsing>>();
  const logs = new Map<string, LogFile>();
  const programs = new Set<Program>();
  let home: Promise<string> | undefined;
  let isStopped = false;

  const browsingOf = (flow: Flow, visit: VisitSpec): Promise<Browsing> => {
    const known = browsings.get(flow.name);
    if (known) return known;
    const files = findBrowser();
    home ??= trustingHome(files.certutil, join(directory, 'lab', 'browser-home'), authorityFile);
    const begun = Promise.all([home, canBeOrdinary()]).then(([trusting, isOrdinary]) =>
      createBrowsing({
        ...{ flow, visit, files, home: trusting, isOrdinary, directory },
        namespaceFd: context.namespaceFd(flow.from),
      }),
    );
    browsings.set(flow.name, begun);
    return begun;
  };
  const fetchWithCurl = (flow: Flow, visit: VisitSpec, url: string): Promise<Visited> => {
    const log = logs.get(flow.name) ?? openLog(join(directory, 'logs'), flow.from, flow.name);
    logs.set(flow.name, log);
    return fetchDocument({
      ...{ flow, visit, url, curl: findCurl(), authorityFile, directory, log },
      namespaceFd: context.namespaceFd(flow.from),
      isStopped: () => isStopped,
      onStarted: (program) => {
        programs.add(program);
        void program.ended.then(() => programs.delete(program));
      },
    });
  };
  /** After the last visit of a flow, whose browsers nobody needs any more. */
  const endBrowsing = async (name: string): Promise<void> => {
    const browsing = browsings.get(name);
    browsings.delete(name);
    await (await browsing)?.stop();
  };
  return {
    visit: async (flow, visit, attempt) => {
      const { url } = plannedVisit(visit, attempt);
      const visited =
        visit.with === 'curl'
          ? await fetchWithCurl(flow, visit, url)
          : await (await browsingOf(flow, visit)).visit(url, visitFolder(flow.name, attempt, url));
      if (attempt === flow.schedule.repeat) await endBrowsing(flow.name);
      return { flow: flow.name, attempt, node: flow.from, probe: 'visit', ...visited };
    },
    stop: async () => {
      isStopped = true;
      for (const program of programs) program.stop('SIGKILL');
      await Promise.all([
        ...[...programs].map(({ ended }) => ended),
        // One that could not begin has told its visit so, and has left nothing.
        ...[...browsings.values()].map((begun) =>
          begun.then(
            (browsing) => browsing.stop(),
            () => undefined,
          ),
        ),
        ...[...logs.values()].map((log) => log.close()),
      ]);
      browsings.clear();
      logs.clear();
    },
  };
}

async function trustingHome(
  certutil: string,
  home: string,
  authorityFile: string,
): Promise<string> {
  await mkdir(home, { recursive: true });
  await makeTrustingHome(certutil, home, authorityFile);
  return home;
}
