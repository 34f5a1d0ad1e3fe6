import { EXIT, Fault } from '../../base/fault.ts';
import { type IpPrefix, parseIp, parsePrefix } from '../../base/addresses.ts';
import type { PlanCensor } from '../../model/plan.ts';
import type { CaptureJudge } from '../../offline/capture-judge.ts';
import { judgeBy } from '../../offline/judge-capture.ts';
import { compileFile, tellDiagnostics } from '../compile-file.ts';
import { CaptureFile } from '../offline/capture-file.ts';
import { chooseCensor } from '../offline/choose-censor.ts';
import { JsonListing } from '../offline/json-listing.ts';
import type { Heading, Listing } from '../offline/listing.ts';
import { readChanges } from '../offline/read-changes.ts';
import { type ChunkSource, readChunks } from '../offline/read-chunks.ts';
import { TextListing } from '../offline/text-listing.ts';
import { makeProgress } from '../progress.ts';
import { drained, paintFor, print, printJson, tell } from '../terminal.ts';
import type { Input } from '../verb.ts';

/** A scenario's censor over a recorded capture. */
export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const pcap = captureNamed(input, file);
  const clients = clientsOf(input);
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  const { plan, diagnostics } = compiled;
  if (!plan) {
    if (input.has('json')) printJson({ scenario: file, status: 'invalid', diagnostics });
    return EXIT.badScenario;
  }
  const censor = chooseCensor(file, plan, input.text('censor'));
  const heading = { scenario: file, capture: pcap, censor, seed: plan.seed };
  const listing = listingFor(input, heading);
  const events = input.text('events');
  const changes = events === undefined ? [] : readChanges(events, plan, censor.name);
  const path = input.text('write');
  const source = readChunks(pcap, process.stdin);
  const output = path === undefined ? null : new CaptureFile(path, { force: input.has('force') });
  try {
    const judge = judgeBy(censor, plan.seed, {
      ...{ clients, changes },
      onPacket: (packet) => listing.addPacket(packet),
      onFlow: (flow) => listing.addFlow(flow),
      ...(output && { sink: (packet, time) => output.add(packet, time) }),
    });
    await judgeAll(input, source, { judge, listing, output });
    await output?.close();
    listing.close(judge, notesOn(censor));
    print(listing.take());
  } catch (error) {
    output?.discard();
    throw error;
  }
  return EXIT.ok;
}

interface Work {
  readonly judge: CaptureJudge;
  readonly listing: Listing;
  readonly output: CaptureFile | null;
}

async function judgeAll(
  input: Input,
  { size, headroom, chunks }: ChunkSource,
  { judge, listing, output }: Work,
): Promise<void> {
  const progress = makeProgress(process.stderr, input.has('quiet') || !process.stderr.isTTY);
  progress.begin('judging');
  let read = 0;
  for await (const chunk of chunks) {
    judge.push(chunk, headroom);
    if (judge.fault !== null) break;
    read += chunk.length;
    const share = size === null ? '' : `${Math.floor((read / size) * 100)} % · `;
    progress.update(`${share}${judge.counters.packets} packets`);
    // Readers slower than we are must not make the text pile up.
    print(listing.take());
    await drained();
    await output?.catchUp();
  }
  judge.finish();
  progress.end(null);
  if (judge.fault !== null)
    throw new Fault('usage', judge.fault, { help: 'Name a pcap or pcapng file' });
  if (judge.damage !== null) tell(`warning: ${judge.damage}`);
}

function captureNamed(input: Input, file: string): string {
  const pcap = input.text('pcap');
  if (pcap === undefined)
    throw new Fault('usage', 'No capture is named', {
      help: `Name one: runner censor ${file} --pcap capture.pcap`,
    });
  if (pcap === '-' && file === '-')
    throw new Fault('usage', 'Scenario and capture cannot both come on standard input');
  return pcap;
}

function clientsOf(input: Input): IpPrefix[] {
  return input.list('client').map((text) => {
    const prefix = parsePrefix(text);
    if (prefix.ok) return prefix.value;
    const address = parseIp(text);
    if (address.ok) return { address: address.value, length: address.value.bytes.length * 8 };
    throw new Fault(
      'usage',
      `Expected a prefix such as 10.0.0.0/8 in ${input.origin('client')}, found ${JSON.stringify(text)}`,
    );
  });
}

const listingFor = (input: Input, heading: Heading): Listing =>
  input.has('json')
    ? new JsonListing(heading)
    : new TextListing(heading, input.has('all'), paintFor(process.stdout));

/** What the capture's judge does not do that the lab's would. */
const notesOn = ({ program, models }: PlanCensor): string[] => [
  ...(program === undefined
    ? []
    : ['the program of this censor is not run: what no rule decides passes']),
  ...(models.length === 0
    ? []
    : ['the models of this censor are not asked: conditions over what they say are of no packet']),
];
