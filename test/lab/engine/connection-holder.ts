// A process that starts a program in a container and is killed while it runs: argv is the container's id.
import { openEngine } from '../../../src/engine/open-engine.ts';

const engine = await openEngine();
const { stdin, stdout } = await engine.execute(process.argv[2] ?? '', {
  argv: ['/bin/sh', '-c', 'echo started; cat > /input; echo end-of-file >> /input'],
  environment: {},
  tty: false,
});
stdin.write('partial\n');
stdout.pipe(process.stdout);
