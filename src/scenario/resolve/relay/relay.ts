// `relay` → what the relay is told, with all that is not written filled in.
import { RAW_PROTOCOL } from '../../../model/relay-defaults.ts';
import type { Relay } from '../../../model/scenario-file.ts';
import type { RelaySpec } from '../../../model/relay.ts';
import { compileProtocol } from '../../../wire/protocol/compile-protocol.ts';
import { indexMessages } from '../../../wire/protocol/message-index.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { resolveAddresses } from './address.ts';
import { resolveFaults } from './faults.ts';
import { resolveFuzz } from './fuzz.ts';
import { resolveLimits } from './limits.ts';
import { resolveProtocol } from './protocol.ts';
import { resolveRules } from './rules.ts';
import type { RelayScope, RelaySite } from './scope.ts';

/** Undefined, with a report, where its addresses or its protocol cannot be. `site` is null outside of a lab. */
export function resolveRelay(
  context: Context,
  site: RelaySite | null,
  written: Relay,
  path: Path,
): RelaySpec | undefined {
  const addresses = resolveAddresses(context, site, written, path);
  const protocol = resolveProtocol(context, written.protocol, [...path, 'protocol']);
  checkDiversion(context, written, path);
  // Faults and limits are looked at whatever the protocol is.
  const compiled = compileProtocol(protocol ?? RAW_PROTOCOL);
  const scope: RelayScope = { context, protocol: compiled, messages: indexMessages(compiled.spec) };
  const place = (key: keyof Relay): { scope: RelayScope; path: Path } => ({
    scope,
    path: [...path, key],
  });
  const faults = resolveFaults(place('faults'), written.faults ?? []);
  if (protocol === undefined) return undefined;
  const rules = resolveRules(place('rules'), written.rules ?? []);
  const fuzz = resolveFuzz(place('fuzz'), written.fuzz);
  if (addresses === undefined) return undefined;
  return {
    ...addresses,
    transparent: written.transparent ?? isTransparent(addresses),
    protocol,
    ordering: written.ordering ?? 'all',
    workers: written.workers ?? 0,
    onFramingFault: written.onFramingFault ?? 'pass',
    limits: resolveLimits(written.limits),
    rules,
    faults,
    fuzz,
  };
}

/** Of a datagram TPROXY alone leaves where it was sent to. */
const isTransparent = ({ listen, target }: Pick<RelaySpec, 'listen' | 'target'>): boolean =>
  target === 'original' && listen.kind === 'udp';

function checkDiversion(context: Context, written: Relay, path: Path): void {
  if (written.target === 'original') return;
  for (const key of ['divert', 'transparent'] as const)
    if (written[key] !== undefined && written[key] !== false)
      context.report(
        'S098',
        [...path, key],
        `The key "${key}" goes with "target: original" alone`,
        {
          key: true,
          help: `Remove it, or write "target: original"`,
        },
      );
}
