import type { Input } from '../../src/cli/verb.ts';
import { expect } from 'chai';
import { parseArgv } from '../../src/cli/program.ts';

function inputOf(...argv: string[]): Input {
  const invocation = parseArgv(argv, '1.0.0');
  if (invocation.kind !== 'verb') throw new Error(`Expected a verb, found ${invocation.kind}`);
  return invocation.input;
}

describe('parseArgv()', () => {
  it('gives words and options', () => {
    const input = inputOf('apply', 'x.yaml', '--set', 'a=1', '--set=b=2', '--out', '/r', '--keep');
    expect(input.words).to.deep.equal(['x.yaml']);
    expect(input.list('set')).to.deep.equal(['a=1', 'b=2']);
    expect(input.text('out')).to.equal('/r');
    expect(input.has('keep')).to.equal(true);
    expect(input.has('no-censor')).to.equal(false);
  });

  it('knows options that begin with "no"', () => {
    const input = inputOf('apply', 'x.yaml', '--no-censor', '--no-build');
    expect(input.has('no-censor')).to.equal(true);
    expect(input.has('no-build')).to.equal(true);
  });

  it('keeps what follows "--" for exec, flags and all', () => {
    const input = inputOf('exec', 'lab', 'client', '--', 'ls', '-l', '--', '--help');
    expect(input.words).to.deep.equal(['lab', 'client']);
    expect(input.command).to.deep.equal(['ls', '-l', '--', '--help']);
  });

  it('knows options anywhere before "--"', () => {
    const invocation = parseArgv(['exec', 'lab', 'node', '--machine', 'edge', '--', 'ls'], '1');
    expect(invocation).to.nested.include({ kind: 'verb' });
    if (invocation.kind !== 'verb') return;
    expect(invocation.input.words).to.deep.equal(['lab', 'node']);
    expect(invocation.input.text('machine')).to.equal('edge');
  });

  it('passes the options of a program on without "--" too', () => {
    const input = inputOf('exec', 'client', 'curl', '-sS', '--help', 'http://server/');
    expect(input.words).to.deep.equal(['client', 'curl', '-sS', '--help', 'http://server/']);
    expect(input.command).to.deep.equal([]);
  });

  it('takes "--" as the end of options elsewhere', () => {
    expect(inputOf('validate', '--', '-x.yaml').words).to.deep.equal(['-x.yaml']);
  });

  it('takes several files to validate', () => {
    expect(inputOf('validate', 'a', 'b').words).to.deep.equal(['a', 'b']);
  });

  it('passes the words of a completion on as they are', () => {
    expect(parseArgv(['__complete', 'apply', '--ou'], '1.0.0')).to.deep.equal({
      kind: 'complete',
      words: ['apply', '--ou'],
    });
  });

  const wrong: [string[], string, string][] = [
    [['aply'], 'Unknown command "aply"', 'Did you mean "apply"?'],
    [['apply', 'x', '--kep'], 'Unknown option "--kep"', 'Did you mean "--keep"?'],
    [['sweep'], 'Unknown command "sweep"', 'Run "runner --help"'],
    [['apply'], 'Missing required argument "FILE"', 'Run "runner --help"'],
    [['apply', 'x', '--out'], 'argument missing', 'Run "runner --help"'],
    [['ps', 'x'], 'Too many arguments', 'Run "runner --help"'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish', 'Run "runner --help"'],
  ];
  for (const [argv, message, help] of wrong)
    it(`refuses "runner ${argv.join(' ')}"`, () => {
      let fault: unknown;
      try {
        parseArgv(argv, '1.0.0');
      } catch (error) {
        fault = error;
      }
      expect(fault).to.include({ kind: 'usage', help, exitCode: 2 });
      expect(fault).to.have.property('message').include(message);
    });
});
