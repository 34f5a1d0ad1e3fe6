import type { AgentContext } from '../context.ts';
import { createPlanSite } from './plan-site.ts';
import { type RawEndpoints, createRawEndpointsAt } from './site-endpoints.ts';

/** The agent's door to raw endpoints: those of its share of the plan. */
export const createRawEndpoints = (context: AgentContext): RawEndpoints =>
  createRawEndpointsAt(createPlanSite(context));
