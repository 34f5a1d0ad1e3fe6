import { parseIp } from '../../../base/addresses.ts';
import { invariant } from '../../../base/invariant.ts';
import type { RedirectAction } from '../../../model/censor-action.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { Occasion } from '../occasion.ts';
import type { RedirectTable, Target } from './redirect-table.ts';

/**
 * Where the flow of the packet at hand goes instead; null where it cannot go elsewhere: no address of its family, an answer of the server's,
 * and of TCP all but the SYN, as the server's numbers are in use after it.
 */
export function redirect(
  action: RedirectAction,
  { view, isForward }: Occasion,
  redirects: RedirectTable,
): Target | null {
  if (!isForward || (!view.isTcp && !view.isUdp)) return null;
  if (view.isTcp && (view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) !== TCP_FLAG.SYN) return null;
  const addresses = action.to.map((text) => {
    const address = parseIp(text);
    invariant(address.ok, `a resolved redirection holds only addresses, not "${text}"`);
    return address.value;
  });
  const address = addresses.find(({ family }) => family === view.version);
  if (address === undefined) return null;
  const target = { address, port: action.port ?? view.destinationPort };
  redirects.add(view, target);
  return target;
}
