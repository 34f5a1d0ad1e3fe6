// What a relay's control has under which path, and what each method does there.
import type { RelayFault } from '../../../model/relay.ts';
import { ControlRefusal } from './control-refusal.ts';
import { parseFault } from './parse-fault.ts';
import type { RelaySettings } from './relay-settings.ts';

export interface ControlAnswer {
  readonly status: number;
  /** Null: none. */
  readonly body: unknown;
}

type Act = (
  settings: RelaySettings,
  name: string,
  body: unknown,
) => Promise<ControlAnswer> | ControlAnswer;

interface Resource {
  /** Its one group is the name that an act is given. */
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, Act>>;
}

const found = (body: unknown): ControlAnswer => ({ status: 200, body });

const RESOURCES: readonly Resource[] = [
  {
    path: /^\/relay()$/,
    methods: {
      GET: async (settings) => found(await settings.summary()),
      POST: async (settings, _, body) => {
        await settings.enable(enabledOf(body));
        return found(await settings.summary());
      },
    },
  },
  {
    path: /^\/relay\/faults()$/,
    methods: {
      GET: (settings) => found(settings.faults),
      POST: async (settings, _, body) => ({ status: 201, body: await addFault(settings, body) }),
    },
  },
  {
    path: /^\/relay\/faults\/([^/]+)$/,
    methods: {
      GET: (settings, name) => found(faultOf(settings.faults, name)),
      POST: async (settings, name, body) => found(await changeFault(settings, name, body)),
      DELETE: async (settings, name) => {
        await settings.changeFaults((faults) => {
          const gone = faultOf(faults, name);
          return faults.filter((fault) => fault !== gone);
        });
        return { status: 204, body: null };
      },
    },
  },
  { path: /^\/relay\/rules()$/, methods: { GET: (settings) => found(settings.rules) } },
  {
    path: /^\/relay\/rules\/([^/]+)$/,
    methods: {
      GET: (settings, name) => found(ruleOf(settings, name)),
      POST: async (settings, name, body) => {
        ruleOf(settings, name);
        await settings.enableRule(name, enabledOf(body));
        return found(ruleOf(settings, name));
      },
    },
  },
  {
    path: /^\/relay\/sessions()$/,
    methods: { GET: async (settings) => found(await settings.sessions()) },
  },
  {
    path: /^\/relay\/sessions\/(\d+)$/,
    methods: {
      DELETE: async (settings, number) => {
        await settings.resetSession(Number(number));
        return { status: 204, body: null };
      },
    },
  },
];

/** Throws a `ControlRefusal`. */
export async function answerControl(
  settings: RelaySettings,
  method: string,
  url: string,
  text: string,
): Promise<ControlAnswer> {
  const path = decodePath(url);
  for (const resource of RESOURCES) {
    const [, name] = resource.path.exec(path) ?? [];
    if (name === undefined) continue;
    const { methods } = resource;
    const act = Object.hasOwn(methods, method) ? methods[method] : undefined;
    const allow = Object.keys(methods).join(', ');
    if (!act) throw new ControlRefusal(405, `${path} takes ${allow}, not ${method}`, allow);
    return act(settings, name, method === 'POST' ? parseBody(text) : null);
  }
  throw new ControlRefusal(
    404,
    `There is no ${path}; there are /relay, /relay/faults, /relay/rules and /relay/sessions`,
  );
}

function decodePath(url: string): string {
  try {
    return decodeURIComponent(url.replace(/\?.*$/s, ''));
  } catch {
    throw new ControlRefusal(400, `The path "${url}" is not written as a URL's are`);
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ControlRefusal(400, `The body is not JSON: ${reason}`);
  }
}

function enabledOf(body: unknown): boolean {
  const enabled =
    typeof body === 'object' && body !== null && 'enabled' in body ? body.enabled : undefined;
  if (typeof enabled !== 'boolean')
    throw new ControlRefusal(400, 'Expected {"enabled": true} or {"enabled": false}');
  return enabled;
}

async function addFault(settings: RelaySettings, body: unknown): Promise<RelayFault> {
  const fault = parsed(body, null);
  await settings.changeFaults((faults) => {
    if (faults.some(({ name }) => name === fault.name))
      throw new ControlRefusal(
        409,
        `There is a fault "${fault.name}": POST /relay/faults/${fault.name}`,
      );
    return [...faults, fault];
  });
  return fault;
}

async function changeFault(
  settings: RelaySettings,
  name: string,
  body: unknown,
): Promise<RelayFault> {
  const faults = await settings.changeFaults((before) => {
    const old = faultOf(before, name);
    const fault = parsed(body, old);
    return before.map((each) => (each === old ? fault : each));
  });
  return faultOf(faults, name);
}

function parsed(body: unknown, before: RelayFault | null): RelayFault {
  const fault = parseFault(body, before);
  if (!fault.ok) throw new ControlRefusal(400, fault.error);
  return fault.value;
}

function faultOf(faults: readonly RelayFault[], name: string): RelayFault {
  const fault = faults.find((each) => each.name === name);
  if (!fault) throw new ControlRefusal(404, `There is no fault "${name}"`);
  return fault;
}

function ruleOf(settings: RelaySettings, name: string): object {
  const rule = settings.rules.find((each) => each.name === name);
  if (!rule) throw new ControlRefusal(404, `There is no rule "${name}"`);
  return rule;
}
