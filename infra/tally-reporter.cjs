// Mocha's spec reporter, which also writes how many tests passed, which failed, which were skipped and how long each file took,
// hooks included, to the file $TALLY, where tally.js adds them up.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, relative } = require('node:path');
const { cwd, env } = require('node:process');
const Mocha = require('mocha');

/** Characters. */
const REASON_LIMIT = 400;

class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    if (!env.TALLY) return;
    const failed = [];
    const skipped = [];
    const files = {};
    let began = Date.now();
    runner.on('suite', ({ parent }) => {
      if (parent?.root) began = Date.now();
    });
    runner.on('suite end', ({ parent, file }) => {
      if (!parent?.root || !file) return;
      const name = relative(cwd(), file);
      files[name] = (files[name] ?? 0) + Date.now() - began;
    });
    runner.on('fail', (test, error) => failed.push(entryOf(test, error)));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      mkdirSync(dirname(env.TALLY), { recursive: true });
      const { passes: passed } = this.stats;
      writeFileSync(env.TALLY, JSON.stringify({ passed, failed, skipped, files }));
    });
  }
}

/** In two lines: its file and title; how its error begins. A hook outside any file has none. */
function entryOf(test, { message }) {
  const place = test.file ? `${relative(cwd(), test.file)}: ` : '';
  const [reason] = String(message).split('\n');
  return `${place}${test.fullTitle()}\n    ${reason.slice(0, REASON_LIMIT)}`;
}

module.exports = TallyReporter;
