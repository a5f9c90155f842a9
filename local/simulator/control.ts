import { patchSchema } from './agents/patch.ts';
import type { AgentRecord } from './agents/record.ts';
import { type Answer, json, Rejection, refused } from './answer.ts';
import { behaviourSchema } from './behaviour.ts';
import type { Simulator } from './interface.ts';
import { pathOf, read, type SimulatorRequest } from './request.ts';

/** Whether a call is for the simulator itself, and not for the SmartAssist that it plays. */
export function isControl({ url }: SimulatorRequest): boolean {
  return url.startsWith('/_simulator/');
}

/** The simulator's own doors: no token, no limit, no faults, and not counted. */
export function control(request: SimulatorRequest, simulator: Simulator): Answer {
  try {
    return answerOf(request, simulator);
  } catch (error) {
    if (error instanceof Rejection) return refused(error);
    throw error;
  }
}

function answerOf(request: SimulatorRequest, simulator: Simulator): Answer {
  const { method, body } = request;
  const path = pathOf(request);
  const id = /^\/_simulator\/agents\/([^/]+)$/.exec(path)?.[1];
  if (id !== undefined && method === 'PATCH') {
    return json(200, shown(simulator.editAgent(id, read(body, patchSchema))));
  }
  switch (`${method} ${path}`) {
    case 'GET /_simulator/agents':
      return json(200, {
        agents: simulator.agents().map(shown),
        calls: simulator.calls(),
        peakPerMinute: simulator.peakPerMinute(),
      });
    case 'POST /_simulator/agents':
      return json(201, shown(simulator.seedAgent(read(body, patchSchema))));
    case 'DELETE /_simulator/agents':
      simulator.reset();
      return { kind: 'response', status: 204, headers: {}, body: '' };
    case 'GET /_simulator/behaviour':
      return json(200, simulator.behaviour());
    case 'PUT /_simulator/behaviour':
      return json(200, simulator.setBehaviour(read(body, behaviourSchema)));
    default:
      throw new Rejection(404, `there is no ${method} ${path}`);
  }
}

/** These answers are looked at and kept by people, so the TURN secret stays out of them. */
function shown({ iceServers: _secret, ...record }: AgentRecord): Omit<AgentRecord, 'iceServers'> {
  return record;
}
