import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LONGEST_ROW, traceFiles } from '../../../src/report/traces/trace-files.ts';
import { packetRows } from '../../../src/report/traces/csv.ts';
import { traceOf } from '../../analysis/traces/made-traces.ts';
import { readNpz } from './read-npz.ts';

const TRACES = [
  traceOf([60, -1500, 40], { site: 'b', visit: 2, path: 'client.wg0', step: 1500 }),
  traceOf([60, -40], { site: 'a "quoted", one', path: 'client.wg0', failure: 'connection_reset' }),
  traceOf([70], { site: 'b', path: 'client.wg1', start: 1_700_000_000_250_000 }),
];
const text = (content: string | Uint8Array | undefined): string =>
  typeof content === 'string' ? content : 'no text';

describe('report/traces/trace-files', () => {
  it('traceFiles() has a file a trace, named by site and visit, and an index', () => {
    const files = new Map(
      [...traceFiles(TRACES, 'cells')].map(({ name, content }) => [name, content]),
    );
    expect([...files.keys()]).to.deep.equal([
      'index.csv',
      'client.wg0/1-2',
      'client.wg0/0-1',
      'client.wg1/1-1',
    ]);
    expect(files.get('client.wg0/1-2')).to.equal('0.000000\t1\n0.001500\t-1\n0.003000\t1\n');
    expect(text(files.get('index.csv')).split('\n')).to.deep.equal([
      'path,label,site,visit,failure,start,seconds,packets_out,packets_in,bytes_out,bytes_in',
      'client.wg0,1,b,2,,0.000000,0.003000,2,1,100,1500',
      'client.wg0,0,"a ""quoted"", one",1,connection_reset,0.000000,0.001000,1,1,60,40',
      'client.wg1,1,b,1,,1700000000.250000,0.000000,1,0,70,0',
      '',
    ]);
  });

  it('traceFiles() has sizes with the sign of the direction', () => {
    const [, first] = traceFiles(TRACES, 'sizes');
    expect(first?.content).to.equal('0.000000\t60\n0.001500\t-1500\n0.003000\t40\n');
  });

  it('traceFiles() has one row a packet', () => {
    const [, packets] = traceFiles(TRACES, 'csv');
    expect(packets?.name).to.equal('packets.csv');
    expect(packets?.content).to.equal([...packetRows(TRACES)].join(''));
    expect(text(packets?.content).split('\n').slice(0, 5)).to.deep.equal([
      'site,visit,path,seconds,direction,bytes',
      'b,2,client.wg0,0.000000,1,60',
      'b,2,client.wg0,0.001500,-1,1500',
      'b,2,client.wg0,0.003000,1,40',
      '"a ""quoted"", one",1,client.wg0,0.000000,1,60',
    ]);
  });

  it('traceFiles() has the arrays of each path, padded with 0', () => {
    const files = [...traceFiles(TRACES, 'npz')];
    expect(files.map(({ name }) => name)).to.deep.equal([
      'index.csv',
      'client.wg0.npz',
      'client.wg1.npz',
    ]);
    const arrays = readNpz(files[1]?.content);
    expect(Object.keys(arrays)).to.deep.equal([
      ...['X', 'y', 'sizes', 'timestamps', 'labels', 'visits'],
    ]);
    expect(arrays['X']).to.deep.equal({
      shape: [2, 3],
      values: [0.000001, -0.0015, 0.003, 0.000001, -0.001, 0],
    });
    expect(arrays['y']).to.deep.equal({ shape: [2], values: [1, 0] });
    expect(arrays['sizes']?.values).to.deep.equal([60, -1500, 40, 60, -40, 0]);
    expect(arrays['timestamps']?.values).to.deep.equal([0, 0.0015, 0.003, 0, 0.001, 0]);
    expect(arrays['labels']).to.deep.equal({ shape: [2], values: ['b', 'a "quoted", one'] });
    expect(arrays['visits']?.values).to.deep.equal([2, 1]);
  });

  it('traceFiles() cuts what is longer than the longest row', () => {
    const long = traceOf(Array.from({ length: LONGEST_ROW + 7 }, (_, index) => index + 1));
    const [, file] = traceFiles([long], 'npz');
    const { sizes } = readNpz(file?.content);
    expect(sizes?.shape).to.deep.equal([1, LONGEST_ROW]);
    expect(sizes?.values.at(-1)).to.equal(LONGEST_ROW);
  });

  it('traceFiles() writes archives that another program finds whole', () => {
    const [, file] = traceFiles(TRACES, 'npz');
    const folder = mkdtempSync(join(tmpdir(), 'npz-'));
    try {
      const path = join(folder, 'a.npz');
      writeFileSync(path, file?.content ?? '');
      // The checksums of Python's zipfile are not ours.
      const said = execFileSync('python3', ['-m', 'zipfile', '--test', path], { encoding: 'utf8' });
      expect(said).to.contain('Done testing');
      expect(said).not.to.contain('corrupted');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
