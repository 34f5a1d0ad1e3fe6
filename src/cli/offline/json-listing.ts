import type { FlowRecord } from '../../offline/flow-record.ts';
import type { JudgedPacket } from '../../offline/judged-packet.ts';
import type { CaptureJudge } from '../../offline/capture-judge.ts';
import { FLOWS_LISTED, type Heading, type Listing } from './listing.ts';

/** One object, a packet a line: written as it comes, since a capture may have more packets than memory holds. */
export class JsonListing implements Listing {
  #text: string;
  #isFirst = true;
  readonly #flows: FlowRecord[] = [];
  #unlisted = 0;

  constructor({ scenario, capture, censor, seed }: Heading) {
    const { name, position } = censor;
    const head = JSON.stringify({ scenario, capture, censor: name, position, seed });
    this.#text = `${head.slice(0, -1)},\n"packets":[`;
  }

  addPacket({ frame, time, flow, decision, injected, isCut, acts, rule }: JudgedPacket): void {
    let line = `{"frame":${frame},"time":${time},"flow":${flow},"decision":"${decision}"`;
    if (rule !== null && acts.length === 0) line += `,"rule":${JSON.stringify(rule)}`;
    if (injected > 0) line += `,"injected":${injected}`;
    if (isCut) line += ',"cut":true';
    if (acts.length > 0) line += `,"acts":${JSON.stringify(acts)}`;
    this.#text += `${this.#isFirst ? '\n' : ',\n'}${line}}`;
    this.#isFirst = false;
  }

  addFlow(flow: FlowRecord): void {
    if (this.#flows.length < FLOWS_LISTED) this.#flows.push(flow);
    else this.#unlisted += 1;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  close(judge: CaptureJudge, notes: readonly string[]): void {
    const flows = this.#flows.toSorted((left, right) => left.number - right.number);
    const lines = flows.map((flow) => `\n${JSON.stringify(plainFlow(flow))}`);
    const statistics = { ...judge.counters, unlistedFlows: this.#unlisted };
    const end = { statistics, censorStatistics: judge.statistics, damage: judge.damage, notes };
    this.#text += `],\n"flows":[${lines.join(',')}],\n${JSON.stringify(end).slice(1)}\n`;
  }
}

function plainFlow(flow: FlowRecord): Readonly<Record<string, unknown>> {
  const { number, protocol, client, clientPort, server, serverPort } = flow;
  const { firstFrame, lastFrame, packets, bytes, dropped, altered, injected, acts } = flow;
  return {
    flow: number,
    ...{ protocol, client, clientPort, server, serverPort, firstFrame, lastFrame },
    ...{ packets, bytes, dropped, altered, injected, acts },
  };
}
