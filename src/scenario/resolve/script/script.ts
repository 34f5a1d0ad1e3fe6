// A `script` entry → what it is in the plan.
import type { Traffic } from '../../../model/scenario-file.ts';
import type {
  ScriptChannel,
  ScriptSpec,
  ScriptTls,
  ScriptTransport,
} from '../../../model/script.ts';
import { isRaw } from '../../../model/script-transport.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { millis } from '../quantity.ts';
import { splitPort } from '../targets.ts';
import type { Act } from './acts.ts';
import { type Channel, resolveChannel } from './channels.ts';
import { type Pair, resolvePairs } from './endpoints.ts';
import type { Ports } from './ports.ts';
import { projectPrograms } from './project.ts';
import { rawDefaults } from './raw-defaults.ts';
import type { ScriptScope } from './scope.ts';
import { checkSize } from './size.ts';
import { resolveSteps } from './steps.ts';
import { unroll } from './unroll.ts';

const PLAY_TIMEOUT = '60s';

/** Undefined, with a report, when it cannot be. */
export function resolveScript(
  context: Context,
  lab: Lab,
  entry: Traffic,
  path: Path,
  ports: Ports,
): ScriptSpec | undefined {
  const pairs = resolvePairs(context, lab, entry, path);
  const transport = entry.transport ?? 'tcp';
  const scope = pairs && resolveScope(context, lab, entry, pairs, transport, ports);
  if (scope === undefined) return undefined;
  const pieces = resolveSteps(scope, entry.script ?? [], [...path, 'script']);
  if (!checkSize(context, pieces, [...path, 'script'])) return undefined;
  reportIdle(context, entry, path);
  return specOf(scope, entry, unroll(pieces));
}

/** Parties that speak with nobody. */
function reportIdle(context: Context, { between, parties = {} }: Traffic, path: Path): void {
  if (between === undefined) return;
  const named = new Set(between.flat().map((end) => splitPort(end)?.host));
  for (const [party, node] of Object.entries(parties))
    if (!named.has(party) && !named.has(node))
      context.report(
        'S150',
        [...path, 'parties', party],
        `The party "${party}" speaks with nobody`,
        {
          key: true,
          help: `Name it in "between", or remove it`,
        },
      );
}

/** The parties and their channels; undefined, with a report, when one of them cannot be. */
export function resolveScope(
  context: Context,
  lab: Lab,
  { name, family, transport: written }: Traffic,
  pairs: readonly Pair[],
  transport: ScriptTransport,
  ports: Ports,
): ScriptScope | undefined {
  const channels = pairs.flatMap(
    (pair) => resolveChannel(context, lab, pair, transport, family, ports) ?? [],
  );
  if (channels.length < pairs.length) return undefined;
  const parties = new Map(
    pairs.flatMap(({ from, to }) => [from, to].map((end) => [end.party, end.node] as const)),
  );
  const isGuess = context.partial && written === undefined;
  return { context, flow: name, transport, isGuess, parties, channels };
}

/** Acts in order → each party's program, and all that goes with it. */
export function specOf(scope: ScriptScope, entry: Traffic, acts: readonly Act[]): ScriptSpec {
  const { transport, channels } = scope;
  const names = [...scope.parties.keys()];
  const programs = projectPrograms(names, channels, transport, acts);
  const speaking = new Set(acts.map(({ party }) => party));
  return {
    kind: 'script',
    transport,
    parties: names.map((name) => ({
      name,
      node: scope.parties.get(name)?.name ?? '',
      // A raw party that does nothing leaves its side to the kernel, and to whatever listens there.
      program: isRaw(transport) && !speaking.has(name) ? [] : (programs.get(name) ?? []),
    })),
    channels: channels.map(channelOf),
    timeout: millis(entry.timeout ?? PLAY_TIMEOUT),
    ...(transport === 'tls' && { tls: tlsOf(scope, entry) }),
    ...(isRaw(transport) && { raw: rawDefaults(channels, acts, entry.raw) }),
  };
}

const channelOf = ({ from, to, source, destination }: Channel): ScriptChannel => ({
  from,
  to,
  source,
  destination,
});

const tlsOf = ({ channels, parties }: ScriptScope, { tls = {} }: Traffic): ScriptTls => ({
  sni: tls.sni ?? parties.get(channels[0]?.to ?? '')?.name ?? '',
  alpn: tls.alpn ?? [],
  verify: tls.verify ?? true,
});
