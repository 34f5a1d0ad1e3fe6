// Whether os-ken (Debian's python3-os-ken) means by the bytes of OpenFlow what our description does.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseIp, parseMac } from '../../../src/base/addresses.ts';
import type { Field, Message } from '../../../src/wire/protocol/contract.ts';
import { ROOT } from '../../scenario/compile-text.ts';
import { LITERALS } from '../../wire/protocol/openflow-literals.ts';
import { rewritten, settingsOf, shipped } from '../../wire/protocol/protocols.ts';

const OPENFLOW = shipped('openflow');

/** What controllers say: os-ken builds these, and does not read them. */
const OF_CONTROLLERS =
  /^(FLOW_MOD|GROUP_MOD|PORT_MOD|TABLE_MOD|METER_MOD|PACKET_OUT|SET_.*|.*_REQUEST)$/;

/** Of elements, os-ken knows this one alone, and does not build it. */
const HELLO = { version: 'OF1.3', xid: 42, 'elements[0].bitmaps[0].bitmap': 'OF1.0+OF1.3' };

interface Told {
  readonly source: 'read' | 'built';
  readonly name: string;
  readonly hex: string;
  readonly leaves: Readonly<Record<string, string | { readonly hex: string }>>;
}

/** Messages as os-ken reads them, and those that it builds. */
async function askOsKen(messages: readonly string[]): Promise<readonly Told[]> {
  const script = join(ROOT, 'test/lab/protocols/os-ken.py');
  const output = await new Promise<string>((resolve, reject) => {
    // Debian's packages are those of its own interpreter, whichever is first on PATH.
    const child = execFile(
      '/usr/bin/python3',
      [script],
      { maxBuffer: 2 ** 24 },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(new Error(error.message));
      },
    );
    child.stdin?.end(messages.join('\n'));
  });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);
}

/** What os-ken calls by other names, or keeps in lists. */
function ourPath(message: Message, path: string): string {
  const multipart = message.find('multipart_type')[0] ?? message.find('stats_type')[0];
  const list = message.root.children.findLast((field) => field.type.kind === 'list');
  const listed = list === undefined ? '' : list.path;
  if (path === 'type') {
    if (message.type === 'ERROR') return 'error_type';
    return multipart?.path ?? 'group_type';
  }
  const [, index = '', inner = path] = /^body(\[\d+\])?\.(.*)$/.exec(path) ?? [];
  const outer = inner === path || listed === '' ? '' : `${listed}${index || '[0]'}.`;
  return (outer + inner)
    .replace(/^((packet_in|port_status|flow_removed)_mask)\[0\]$/, '$1')
    .replace(/^((packet_in|port_status|flow_removed)_mask)\[1\]$/, '$1_slave')
    .replace(/^(max_groups|actions)\[([0-3])\]$/, (_, name: string, at: string) => {
      const types = ['all', 'select', 'indirect', 'ff'];
      return `${name}_${types[Number(at)] ?? ''}`;
    })
    .replace(/(instruction|action)_ids\[(\d+)\]\._?type$/, '$1_ids[$2].type')
    .replace(/\.table_ids\[(\d+)\]$/, '.next_table_ids[$1].table_id')
    .replace(/^(actions\[\d+\]\.)(tos|tp)$/, (_, action: string, name: string) =>
      name === 'tp' ? `${action}tp_port` : `${action}nw_tos`,
    );
}

/** All that a field may be called. */
function formsOf(field: Field, { bytes }: Message): readonly string[] {
  const own = Buffer.from(bytes.subarray(field.start, field.end));
  const number = own.length > 0 && own.length <= 8 ? BigInt(`0x${own.toString('hex')}`) : null;
  const value = field.value instanceof Uint8Array ? own.toString('latin1') : String(field.value);
  return [
    value,
    own.toString('hex'),
    ...(number === null ? [] : [String(number)]),
    field.word ?? value,
  ];
}

/** Addresses as their bytes, so that no spelling counts. */
function spelled(text: string): string {
  const address = /^[\da-f]{2}(:[\da-f]{2}){5}$/.test(text) ? parseMac(text) : parseIp(text);
  if (!address.ok) return text;
  const bytes = address.value instanceof Uint8Array ? address.value : address.value.bytes;
  return Buffer.from(bytes).toString('hex');
}

describe('openflow and os-ken', function () {
  this.timeout(60_000);
  let told: readonly Told[] = [];
  before(async () => {
    const ofSwitches = LITERALS.filter(({ type }) => !OF_CONTROLLERS.test(type));
    const hello = OPENFLOW.write('HELLO', settingsOf(HELLO), 'client');
    told = await askOsKen([
      ...ofSwitches.map(({ hex }) => hex),
      Buffer.from(hello).toString('hex'),
    ]);
  });

  it('have messages of all types of both versions in common', () => {
    const types = { 1: new Set<string>(), 4: new Set<string>() };
    for (const { hex } of told) {
      const bytes = Buffer.from(hex, 'hex');
      types[bytes[0] === 1 ? 1 : 4].add(OPENFLOW.typeOf(bytes, 'client'));
    }
    expect(types[1].size).to.equal(22);
    expect(types[4].size).to.equal(30);
    expect(told.filter(({ source }) => source === 'read')).to.have.length.above(55);
    expect(told.filter(({ source }) => source === 'built')).to.have.length.above(50);
  });

  it('agree on what each field says', () => {
    for (const { name, hex, leaves } of told) {
      const message = OPENFLOW.read(Buffer.from(hex, 'hex'), 'client');
      expect(message.fault, name).to.equal(null);
      for (const [path, said] of Object.entries(leaves)) {
        const [field, ...further] = message.find(ourPath(message, path));
        const where = `${name}: ${path}`;
        if (field === undefined) throw new Error(`${where} is not found`);
        expect(further, where).to.deep.equal([]);
        const value = typeof said === 'string' ? said : said.hex;
        const forms = formsOf(field, message);
        // Text of a fixed room comes without its zeros.
        const text = Buffer.from(forms[0] ?? '', 'latin1').toString('hex');
        expect([...forms, text], where).to.satisfy(
          (all: readonly string[]) => all.includes(value) || all.includes(spelled(value)),
        );
      }
    }
  });

  it('agree on the bytes of what os-ken builds', () => {
    for (const { name, hex } of told) {
      const message = OPENFLOW.read(Buffer.from(hex, 'hex'), 'client');
      expect(Buffer.from(rewritten(OPENFLOW, message, 'client')).toString('hex'), name).to.equal(
        hex,
      );
    }
  });
});
