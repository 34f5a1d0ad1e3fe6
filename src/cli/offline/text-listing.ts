import type { FlowRecord } from '../../offline/flow-record.ts';
import type { Act } from '../../offline/act.ts';
import type { JudgedPacket } from '../../offline/judged-packet.ts';
import type { CaptureJudge } from '../../offline/capture-judge.ts';
import type { Paint } from '../../report/text.ts';
import { alignColumns } from '../../report/text.ts';
import { printable } from '../../report/escape.ts';
import { FLOWS_LISTED, type Heading, type Listing } from './listing.ts';

const PACKET_WIDTH = 8;
const TIME_WIDTH = 12;
const FLOW_WIDTH = 6;
const DECISION_WIDTH = 18;
const RULE_WIDTH = 20;

/** Tables for people. Packets and flows that nothing happens to are counted; `isAll` lists them too. */
export class TextListing implements Listing {
  #text: string;
  readonly #isAll: boolean;
  readonly #paint: Paint;
  readonly #flows: FlowRecord[] = [];
  #unlisted = 0;
  #untouched = 0;
  #first: number | null = null;

  constructor({ censor, capture, seed }: Heading, isAll: boolean, paint: Paint) {
    this.#isAll = isAll;
    this.#paint = paint;
    const title = `${censor.name} · ${censor.position} · ${capture} · seed ${seed}`;
    const columns = row('packet', 'time', 'flow', 'decision', 'rule', 'what matched');
    this.#text = `${printable(title)}\n\n${paint.faint(columns)}\n`;
  }

  addPacket(packet: JudgedPacket): void {
    const { frame, time, flow, decision, injected, isCut, acts } = packet;
    this.#first ??= time;
    if (decision === 'pass' && injected === 0 && acts.length === 0 && !this.#isAll) return;
    const [act, ...further] = acts;
    const isStanding = act === undefined && decision !== 'pass';
    const rule = act?.rule ?? (isStanding ? packet.rule : null) ?? '';
    const words = `${decision}${injected > 0 ? ` +${injected} injected` : ''}`;
    const when = ((time - this.#first) / 1e6).toFixed(6);
    const note = [act ? describeAct(act) : isStanding ? 'goes on' : '', isCut ? 'cut' : ''];
    const number = flow === null ? '-' : `${flow}`;
    const line = row(`${frame}`, when, number, words, rule, note.filter(Boolean).join(', '));
    const paint = decision === 'drop' ? this.#paint.bad : (text: string) => text;
    this.#text += `${paint(line)}\n`;
    for (const one of further) this.#text += `${row('', '', '', '', one.rule, describeAct(one))}\n`;
  }

  addFlow(flow: FlowRecord): void {
    const isListed = this.#isAll || flow.isTouched;
    if (!isListed) this.#untouched += 1;
    else if (this.#flows.length < FLOWS_LISTED) this.#flows.push(flow);
    else this.#unlisted += 1;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  close(judge: CaptureJudge, notes: readonly string[]): void {
    this.#text += `\n${this.#flowTable()}${this.#remainder()}\n`;
    this.#text += `${countersLine(judge)}\n${rulesLine(judge)}`;
    for (const note of notes) this.#text += `note: ${printable(note)}\n`;
  }

  #flowTable(): string {
    if (this.#flows.length === 0) return '';
    const flows = this.#flows.toSorted((left, right) => left.number - right.number);
    const [head = '', ...lines] = alignColumns([
      ['flow', 'client', 'server', 'protocol', 'packets', 'what becomes of it'],
      ...flows.map(flowCells),
    ]);
    return `${[this.#paint.faint(head), ...lines].join('\n')}\n`;
  }

  #remainder(): string {
    const parts = [
      ...(this.#untouched > 0 ? [`${flowsOf(this.#untouched)} untouched`] : []),
      ...(this.#unlisted > 0 ? [`${flowsOf(this.#unlisted)} more than can be listed`] : []),
    ];
    return parts.length > 0 ? `${parts.join(', ')}\n` : '';
  }
}

const row = (
  packet: string,
  time: string,
  flow: string,
  decision: string,
  rule: string,
  what: string,
): string =>
  [
    packet.padStart(PACKET_WIDTH),
    time.padStart(TIME_WIDTH),
    flow.padStart(FLOW_WIDTH),
    decision.padEnd(DECISION_WIDTH),
    printable(rule).padEnd(RULE_WIDTH),
    printable(what),
  ]
    .join('  ')
    .trimEnd();

const describeAct = ({ action, detail }: Act): string =>
  [action, detail].filter((part) => part !== '').join(': ');

function flowCells(flow: FlowRecord): string[] {
  const { number, client, clientPort, server, serverPort, protocol, packets } = flow;
  const ends = [endText(client, clientPort), endText(server, serverPort)];
  return [`${number}`, ...ends, protocol, `${packets}`, printable(describeFate(flow))];
}

const endText = (address: string, port: number): string => {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
};

/** `reset by forbidden-sni at packet 4; 3 dropped, 2 injected`. */
function describeFate(flow: FlowRecord): string {
  const { acts, dropped, altered, injected } = flow;
  const deeds = acts.map(({ action, rule, frame }) => `${action} by ${rule} at packet ${frame}`);
  const counts = [
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(altered > 0 ? [`${altered} delayed or changed`] : []),
    ...(injected > 0 ? [`${injected} injected`] : []),
  ];
  const parts = [deeds.join(', '), counts.join(', ')].filter((part) => part !== '');
  return parts.length > 0 ? parts.join('; ') : 'untouched';
}

const flowsOf = (count: number): string => `${count} ${count === 1 ? 'flow' : 'flows'}`;

/** Zeros say nothing and are left out, but for what every capture has. */
function countersLine({ counters }: CaptureJudge): string {
  const { packets, passed, dropped, delayed, rewritten, held, injected } = counters;
  const { flows, notIp, unknownLink, cut } = counters;
  const rest: readonly (readonly [number, string])[] = [
    [dropped, 'dropped'],
    [delayed, 'delayed'],
    [rewritten, 'rewritten'],
    [held, 'held'],
    [injected, 'injected'],
    [notIp, 'without IP'],
    [unknownLink, 'of an unknown link layer'],
    [cut, 'cut by the capture'],
  ];
  const said = rest.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return [`${packets} packets`, `${flows} flows`, `${passed} passed`, ...said].join(' · ');
}

function rulesLine({ statistics }: CaptureJudge): string {
  const { rules, unparsable, evicted } = statistics;
  const hits = rules.map(({ name, hits: count }) => `${name} ${count}`);
  const faults = [
    ...(unparsable > 0 ? [`${unparsable} unparsable`] : []),
    ...(evicted > 0 ? [`${flowsOf(evicted)} forgotten: the table was full`] : []),
  ];
  const parts = [...(hits.length > 0 ? [`hits: ${hits.join(', ')}`] : []), ...faults];
  return parts.length > 0 ? `${printable(parts.join(' · '))}\n` : '';
}
