import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

// Prints what was answered, and how the terminal was left.
const PROGRAM = `
  import { askAtTerminal } from './src/ssh/ask.ts';
  import { execFileSync } from 'node:child_process';
  process.on('SIGINT', () => console.log('interrupted'));
  const answers = await Promise.all([askAtTerminal('First: '), askAtTerminal('Second: ')]);
  console.log(JSON.stringify(answers));
  if (process.stdin.isTTY) console.log(execFileSync('stty', ['-a'], { stdio: ['inherit', 'pipe', 'inherit'] }).toString());
`;
const ROOT = resolve(import.meta.dirname, '../../..');
const ARGUMENTS = ['--import', 'ts-blank-space/register', '--input-type=module', '-e', PROGRAM];

describe('askAtTerminal()', function () {
  this.timeout(20_000);

  it('asks one question after the other and shows nothing of the answers', async () => {
    const output = await atTerminal(['secret1', '\x7f2\r', 'pass word\r']);
    expect(output).to.include('["secret2","pass word"]');
    expect(output).to.match(/First: \s+Second: /);
    expect(output.replace('["secret2","pass word"]', '')).to.not.match(/secret|pass word/);
    expect(output).to.match(/ echo /);
  });

  it('gives null after Ctrl-C, passes the interruption on and restores the terminal', async () => {
    const output = await atTerminal(['half\x03', 'x\r']);
    expect(output).to.include('interrupted');
    expect(output).to.include('[null,"x"]');
    expect(output).to.match(/ echo /);
  });

  it('gives null where there is no terminal', () => {
    const output = execFileSync('setsid', ['--wait', process.execPath, ...ARGUMENTS], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(output).to.equal('[null,null]\n');
  });

  /** Types each piece when a question is on the screen that was not answered. */
  async function atTerminal(pieces: readonly string[]): Promise<string> {
    const words = [process.execPath, ...ARGUMENTS].map(
      (word) => `'${word.replaceAll("'", `'\\''`)}'`,
    );
    const terminal: ChildProcess = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const left = [...pieces];
    let output = '';
    const type = (): void => {
      const piece = left.shift();
      if (piece === undefined) return;
      terminal.stdin?.write(piece);
      if (!['\r', '\x03'].some((key) => piece.endsWith(key))) type();
    };
    let asked = 0;
    terminal.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const questions = output.match(/(First|Second): /g)?.length ?? 0;
      for (; asked < questions; asked += 1) type();
    });
    await new Promise((done) => terminal.once('close', done));
    return output;
  }
});
