// The mirrors of a lab, from the agent's main thread: each sees packets before traffic begins, and has its say before the services end.
import { join } from 'node:path';
import type { PlanMirror } from '../../model/mirror.ts';
import { readMirrorLeaks } from '../build/mirror-rules.ts';
import type { AgentContext } from '../context.ts';
import { MirrorReporter } from './mirror-reporter.ts';
import { MirrorThread } from './mirror-thread.ts';
import { assistantOrder, onlineOrder, streamOrder } from './order-of.ts';

export interface LabMirrors {
  /** Resolves when all see packets, and hear their assistants. */
  start(): Promise<void>;
  /** What has come to clients so far was a doctor's, and does not count. */
  forgetLeaks(): Promise<void>;
  /** Clients of captures begin. */
  play(): void;
  /** They take no more of clients, say what they have, and end, once each has told how it fared. */
  finish(): Promise<void>;
}

interface Running {
  readonly thread: MirrorThread;
  readonly reporter: MirrorReporter;
}

export function createLabMirrors(context: AgentContext): LabMirrors {
  const { plan, directory } = context;
  const mirrors = plan.mirrors ?? [];
  const packetMirrors = mirrors.filter(({ mode }) => mode === 'packet');
  const isHere = (name: string): boolean => plan.nodes.some((node) => node.name === name);
  const servers: Running[] = [];
  const assistants: Running[] = [];
  const reporters = new Map<string, MirrorReporter>();
  /** By mirror: what a doctor's trials had sent to clients. */
  const earlierLeaks = new Map<string, number>();

  const reporterOf = (mirror: PlanMirror, node: string): MirrorReporter => {
    const known = reporters.get(mirror.name);
    if (known) return known;
    const reporter = new MirrorReporter(mirror, {
      ...{ node, logs: join(directory, 'logs') },
      emit: (event) => context.emit(event),
    });
    reporters.set(mirror.name, reporter);
    return reporter;
  };
  const beginServer = async (mirror: PlanMirror): Promise<void> => {
    const { node } = mirror.online;
    const namespaceFd = context.namespaceFd(node);
    const part =
      mirror.mode === 'stream'
        ? streamOrder(plan, mirror)
        : await onlineOrder(context, mirror, namespaceFd);
    const reporter = reporterOf(mirror, node);
    const thread = new MirrorThread(node, { namespaceFd, part }, reporter);
    servers.push({ thread, reporter });
    await thread.ready;
  };
  const beginAssistant = async (mirror: PlanMirror): Promise<void> => {
    const { assistant } = mirror;
    const part = assistantOrder(plan, mirror);
    const reporter = reporterOf(mirror, assistant);
    const namespaceFd = context.namespaceFd(assistant);
    const thread = new MirrorThread(assistant, { namespaceFd, part }, reporter);
    assistants.push({ thread, reporter });
    await thread.ready;
  };
  const readLeaks = ({ name }: PlanMirror): Promise<number> =>
    readMirrorLeaks(name, plan, (node) => context.namespaceFd(node));
  /** Those that came to clients on this machine. */
  const countLeaks = async (mirror: PlanMirror): Promise<void> => {
    const count = (await readLeaks(mirror)) - (earlierLeaks.get(mirror.name) ?? 0);
    if (count > 0) reporterOf(mirror, mirror.online.node).leaked(count);
  };
  return {
    start: async () => {
      await Promise.all(mirrors.filter(({ online }) => isHere(online.node)).map(beginServer));
      await Promise.all(
        packetMirrors.filter(({ assistant }) => isHere(assistant)).map(beginAssistant),
      );
    },
    forgetLeaks: async () => {
      for (const mirror of packetMirrors) earlierLeaks.set(mirror.name, await readLeaks(mirror));
    },
    play: () => {
      for (const { thread } of servers) thread.play();
    },
    finish: async () => {
      await Promise.all(servers.map(({ thread }) => thread.drain()));
      // The last that a mirror does is to reset what is open: nobody needs the answers.
      await Promise.all(servers.map(({ thread }) => thread.stop()));
      await Promise.all(assistants.map(({ thread }) => thread.stop()));
      await Promise.all(packetMirrors.map(countLeaks));
      await Promise.all([...reporters.values()].map((reporter) => reporter.close()));
      for (const list of [servers, assistants]) list.length = 0;
      reporters.clear();
    },
  };
}
