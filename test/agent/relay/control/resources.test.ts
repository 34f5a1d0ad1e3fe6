import { expect } from 'chai';
import { ControlRefusal } from '../../../../src/agent/relay/control/control-refusal.ts';
import { RelaySettings } from '../../../../src/agent/relay/control/relay-settings.ts';
import {
  type ControlAnswer,
  answerControl,
} from '../../../../src/agent/relay/control/resources.ts';
import type { RelayAnswer, RelayChange } from '../../../../src/agent/relay/order.ts';
import type { RelayRule } from '../../../../src/model/relay.ts';
import { relaySpec } from '../../../lab/agent/relay/relays.ts';

const AT = { kind: 'tcp', host: '127.0.0.1', port: 1 } as const;
const SLOW = { name: 'slow', kind: 'latency', direction: 'upstream', latency: 100 };
const WHOLE = { ...SLOW, probability: 1, enabled: true, jitter: 0 };

describe('agent/relay/control/resources', () => {
  let told: RelayChange[] = [];
  let settings: RelaySettings;
  beforeEach(() => {
    told = [];
    const thread = {
      change: (change: RelayChange): Promise<RelayAnswer> => {
        told.push(change);
        if (change.kind === 'reset-session' && change.session !== 1)
          return Promise.resolve({ isMissing: true });
        return Promise.resolve(change.kind === 'sessions' ? { sessions: [] } : {});
      },
    };
    const rule: RelayRule = {
      ...{ name: 'flip', at: 'C->P', do: [{ kind: 'drop' }], fixup: [], unsafe: false },
      match: { types: [], fields: [], nth: null, probability: 1, sessions: [], state: null },
    };
    settings = new RelaySettings(relaySpec(AT, AT, { rules: [rule] }), thread);
  });
  const ask = (method: string, path: string, body: unknown = ''): Promise<ControlAnswer> =>
    answerControl(settings, method, path, typeof body === 'string' ? body : JSON.stringify(body));
  const refusal = async (...request: Parameters<typeof ask>): Promise<ControlRefusal> => {
    try {
      await ask(...request);
    } catch (error) {
      if (error instanceof ControlRefusal) return error;
    }
    throw new Error('It was not refused');
  };

  it('says what the relay is', async () =>
    expect((await ask('GET', '/relay?pretty')).body).to.deep.include({
      ...{ enabled: true, listen: 'tcp://127.0.0.1:1', protocol: 'raw', rules: 1, faults: 0 },
    }));

  it('adds, changes and deletes faults, and has the thread take each', async () => {
    expect(await ask('POST', '/relay/faults', SLOW)).to.deep.equal({ status: 201, body: WHOLE });
    const changed = { ...WHOLE, enabled: false };
    expect(await ask('POST', '/relay/faults/slow', { enabled: false })).to.deep.equal({
      ...{ status: 200, body: changed },
    });
    expect((await ask('GET', '/relay/faults')).body).to.deep.equal([changed]);
    expect((await ask('GET', '/relay/faults/slow')).body).to.deep.equal(changed);
    expect(await ask('DELETE', '/relay/faults/slow')).to.deep.equal({ status: 204, body: null });
    expect(told).to.deep.equal([
      { kind: 'faults', faults: [WHOLE] },
      { kind: 'faults', faults: [changed] },
      { kind: 'faults', faults: [] },
    ]);
  });

  it('switches rules, and the relay', async () => {
    const off = { name: 'flip', at: 'C->P', enabled: false };
    expect((await ask('POST', '/relay/rules/flip', { enabled: false })).body).to.deep.equal(off);
    expect((await ask('GET', '/relay/rules')).body).to.deep.equal([off]);
    expect((await ask('POST', '/relay', { enabled: false })).body).to.include({ enabled: false });
    expect(told.slice(0, 2)).to.deep.equal([
      { kind: 'rule', name: 'flip', isEnabled: false },
      { kind: 'relay', isEnabled: false },
    ]);
  });

  it('lists sessions and resets one', async () => {
    expect((await ask('GET', '/relay/sessions')).body).to.deep.equal([]);
    expect(await ask('DELETE', '/relay/sessions/1')).to.deep.equal({ status: 204, body: null });
  });

  for (const [method, path, body, status, reason] of [
    ['GET', '/', '', 404, 'There is no /; there are /relay'],
    ['GET', '/relay/faults/%', '', 400, 'not written as a URL'],
    ['PUT', '/relay/faults', '', 405, 'takes GET, POST, not PUT'],
    ['POST', '/relay/faults', 'latency', 400, 'not JSON'],
    ['POST', '/relay/faults', '{"name":"a"}', 400, 'Expected a "kind"'],
    ['GET', '/relay/faults/none', '', 404, 'no fault "none"'],
    ['POST', '/relay/faults/none', '{}', 404, 'no fault "none"'],
    ['DELETE', '/relay/faults/none', '', 404, 'no fault "none"'],
    ['POST', '/relay/rules/none', '{"enabled":true}', 404, 'no rule "none"'],
    ['POST', '/relay/rules/flip', '{"enabled":1}', 400, 'Expected {"enabled": true}'],
    ['POST', '/relay', '[]', 400, 'Expected {"enabled": true}'],
    ['DELETE', '/relay/sessions/7', '', 404, 'no session 7'],
  ] as const)
    it(`answers ${method} ${path} ${body} with ${status}`, async () => {
      const refused = await refusal(method, path, body);
      expect(refused.status).to.equal(status);
      expect(refused.message).to.include(reason);
    });

  it('says which methods there are', async () =>
    expect((await refusal('PUT', '/relay/rules')).allow).to.equal('GET'));

  it('keeps a name for one fault', async () => {
    await ask('POST', '/relay/faults', SLOW);
    expect((await refusal('POST', '/relay/faults', SLOW)).status).to.equal(409);
  });
});
