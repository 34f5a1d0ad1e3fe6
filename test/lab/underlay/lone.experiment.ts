// One WireGuard interface whose socket is in the network stack behind descriptor 3: says so, and waits for its end.
// What is said to the kernel's WireGuard is tried on wireguard-go, which wg(8) speaks to just as well.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import {
  type WireguardConfiguration,
  toSetconf,
} from '../../../src/agent/wireguard/configuration.ts';
import { handshakesArgv, setconfArgv } from '../../../src/agent/wireguard/kernel-device.ts';
import { makeWireguard } from '../../../src/agent/wireguard/device.ts';
import { createNetworkNamespace } from '../../../src/kernel/namespace.ts';
import { generateKeyPair } from '../../../src/lab/fleet/wireguard-keys.ts';

const device = await makeWireguard({
  ...{ name: 'runner-0000abcd', index: 100, mtu: 1420 },
  namespaces: { socket: 3, device: createNetworkNamespace() },
});
const { privateKey } = generateKeyPair();
const configuration: WireguardConfiguration = { privateKey, port: 51820, peers: [] };
await device.configure(configuration);

const { publicKey } = generateKeyPair();
const peer = {
  ...{ publicKey, endpoint: { address: '2001:db8::2', port: 51821 } },
  ...{ allowedIps: ['198.18.0.2/32'], keepalive: 25 },
};
const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isWireguard(name)) ?? '';
const wg = (argv: readonly string[], input = ''): string =>
  execFileSync('nsenter', [`--mount=/proc/${pid}/ns/mnt`, '--', ...argv], {
    encoding: 'utf8',
    input,
  });
wg(setconfArgv('runner-0000abcd'), toSetconf({ ...configuration, peers: [peer] }));
const shown = {
  peers: wg(['wg', 'show', 'runner-0000abcd', 'endpoints']).trim(),
  handshakes: wg(handshakesArgv('runner-0000abcd')).trim(),
};
// A name that the kernel refuses: wireguard-go tells why on its standard output.
const refused = await makeWireguard({
  ...{ name: 'all', index: 101, mtu: 1420 },
  namespaces: { socket: 3, device: 3 },
}).then(
  () => '',
  (error: unknown) => String(error),
);
console.log(JSON.stringify({ implementation: device.implementation, publicKey, shown, refused }));
setInterval(() => undefined, 60_000);

function isWireguard(process: string): boolean {
  return readFileSync(`/proc/${process}/cmdline`, 'utf8').startsWith('wireguard-go');
}
