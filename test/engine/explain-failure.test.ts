import { expect } from 'chai';
import { explainFailure, statusOf } from '../../src/engine/explain-failure.ts';

const refusal = (statusCode: number, message: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });

describe('explainFailure()', () => {
  for (const [words, kind, help] of [
    [
      'Conflict. The container name "/x" is already in use by container "1".',
      'machine',
      'runner ps',
    ],
    ['No such image: x', 'usage', 'docker images'],
    ['invalid mount config: bind source path does not exist: /x', 'usage', 'mounts'],
    ['sysctl "kernel.panic" is not in a separate kernel namespace: unknown', 'usage', 'sysctl'],
    ['runc: exec: "x": executable file not found in $PATH: unknown', 'usage', 'Name a program'],
    ['runc: exec /x: exec format error: unknown', 'usage', 'processor'],
    ['runc: exec: "/x": permission denied: unknown', 'usage', 'executable'],
    ['write /x: no space left on device', 'machine', 'Free space'],
  ] as const)
    it(`says what to do about "${words}"`, () => {
      const fault = explainFailure('start container a', refusal(500, words));
      expect(fault.kind).to.equal(kind);
      expect(fault.help).to.contain(help);
      expect(fault.message).to.equal(`Cannot start container a: ${words.replace(/\.$/, '')}`);
      expect(statusOf(fault)).to.equal(500);
    });

  it('tells an engine that went away from one that refuses', () => {
    const gone = Object.assign(new Error('connect ECONNREFUSED /x'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    expect(explainFailure('list', gone).message).to.contain('it has gone away (ECONNREFUSED)');
    expect(explainFailure('list', refusal(400, '')).message).to.contain('HTTP status 400');
  });
});
