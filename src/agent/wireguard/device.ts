// One WireGuard interface: the kernel's own where it has WireGuard, else that of wireguard-go(8).
import { inNamespace } from '../../kernel/namespace.ts';
import { createWireguard } from '../../kernel/netlink/wireguard.ts';
import { NetlinkError, exchange } from '../../kernel/netlink/socket.ts';
import { controlKernelDevice } from './kernel-device.ts';
import type { WireguardDevice, WireguardPlace } from './interface.ts';
import { startWireguardGo } from './wireguard-go.ts';

/**
 * Makes the interface, still down. It goes with the namespace that it is in; wireguard-go goes with this process's PID
 * namespace too.
 */
export async function makeWireguard(place: WireguardPlace): Promise<WireguardDevice> {
  return makeKernelDevice(place) ?? (await startWireguardGo(place));
}

/** Undefined when the kernel has no WireGuard. */
function makeKernelDevice(place: WireguardPlace): WireguardDevice | undefined {
  const { name, index, mtu, namespaces } = place;
  try {
    // Its UDP socket belongs to the namespace that asks for the interface, wherever the interface is born.
    inNamespace(namespaces.socket, () =>
      exchange([createWireguard({ name, index, mtu, namespace: namespaces.device })]),
    );
  } catch (error) {
    // What Node calls EOPNOTSUPP: an unknown kind of interface.
    if (error instanceof NetlinkError && error.code === 'ENOTSUP') return undefined;
    throw error;
  }
  return controlKernelDevice(place);
}
