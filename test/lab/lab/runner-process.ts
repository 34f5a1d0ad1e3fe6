// A runner in a process of its own, to be killed or run as another user: starts a lab, builds a star of hosts, says so,
// stays. Arguments: the lab's id, how many hosts, the folder, `kept` to leave the lab behind and end.
import { startTestLab } from './labs.ts';
import { starPlan } from './plans.ts';

const [id = '', size = '3', directory = '', mode] = process.argv.slice(2);
const lab = await startTestLab(id, { keepable: mode === 'kept' });
await lab.call('build', { plan: starPlan(Number(size)), directory }, 20_000);
if (mode === 'kept') await lab.detach();
process.stdout.write('ready\n');
