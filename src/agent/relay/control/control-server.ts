// A relay's control over HTTP, in the manner of Toxiproxy: on a loopback address or a Unix socket, while the relay runs.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import { Fault } from '../../../base/fault.ts';
import { inNamespace } from '../../../kernel/namespace.ts';
import type { StreamAddress } from '../../../model/relay.ts';
import { describeAddress } from '../../../model/stream-address.ts';
import { type OpenListener, openListeners } from '../listeners.ts';
import { addressesToListenOn } from '../addresses-of.ts';
import { ControlRefusal } from './control-refusal.ts';
import { answerControl } from './resources.ts';
import type { RelaySettings } from './relay-settings.ts';

export interface ControlServer {
  readonly address: StreamAddress;
  close(): Promise<void>;
}

/** Characters of the longest body. */
const LONGEST_BODY = 1_048_576;

/** Throws a machine fault where it cannot listen. `namespaceFd`: where; null: in the process's own network. */
export async function startControl(
  address: StreamAddress,
  settings: RelaySettings,
  namespaceFd: number | null,
): Promise<ControlServer> {
  if (address.kind === 'udp')
    throw new Fault('usage', `A relay is not controlled over UDP: ${describeAddress(address)}`);
  const addresses = await addressesToListenOn(address);
  const open = (): readonly OpenListener[] => openListeners(address, addresses.slice(0, 1), false);
  const [listener] = namespaceFd === null ? open() : inNamespace(namespaceFd, open);
  if (!listener) throw new Fault('machine', `${describeAddress(address)} has no address`);
  const server = createServer((request, response) => void handle(settings, request, response));
  server.listen({ fd: listener.fd });
  await once(server, 'listening');
  return {
    address: listener.address,
    close: async () => {
      await closeServer(server);
      listener.removeFile();
    },
  };
}

async function handle(
  settings: RelaySettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { method = 'GET', url = '/' } = request;
    const { status, body } = await answerControl(settings, method, url, await readBody(request));
    say(response, status, body);
  } catch (error) {
    if (error instanceof ControlRefusal) {
      if (error.allow !== '') response.setHeader('allow', error.allow);
      say(response, error.status, { error: error.message });
    } else if (error instanceof Fault && error.kind === 'usage')
      say(response, 400, { error: error.message });
    else say(response, 500, { error: error instanceof Error ? error.message : String(error) });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request as AsyncIterable<string>) {
    text += piece;
    if (text.length > LONGEST_BODY)
      throw new ControlRefusal(413, `A body has at most ${LONGEST_BODY} characters`);
  }
  return text;
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  if (body === null) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify(body, undefined, 2)}\n`);
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
