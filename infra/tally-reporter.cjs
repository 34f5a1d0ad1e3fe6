// Mocha's spec reporter, which also writes how many tests passed, failed and were skipped to the file $TALLY, where
// tally.js adds them up.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { env } = require('node:process');
const Mocha = require('mocha');

class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    if (!env.TALLY) return;
    const skipped = [];
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      mkdirSync(dirname(env.TALLY), { recursive: true });
      writeFileSync(env.TALLY, JSON.stringify({ passed: passes, failed: failures, skipped }));
    });
  }
}

module.exports = TallyReporter;
