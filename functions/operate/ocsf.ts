import { compact } from '../runtime/compact.ts';
import type { AuditLine } from './audit.ts';

/** The version of the Open Cybersecurity Schema Framework whose classes these are: https://schema.ocsf.io/1.3.0 */
const VERSION = '1.3.0';

/** Class 3001, Account Change: what becomes of an agent. */
const ACCOUNT_CHANGES: Readonly<Record<string, readonly [id: number, name: string]>> = {
  created: [1, 'Create'],
  resumed: [2, 'Enable'],
  suspended: [5, 'Disable'],
  removed: [6, 'Delete'],
};
const OTHER = [99, 'Other'] as const;

/**
 * A line of the audit as an event of OCSF, for a SIEM: 3001 (Account Change) for agents that come, go or are adopted, 3005
 * (User Access Management) for what an agent may and can, 6003 (API Activity) for an operator's action.
 */
export function ocsfOf(tenant: string, { kind, entry }: AuditLine): Record<string, unknown> {
  const what = String(kind === 'agent' ? entry.what : entry.action);
  const [activityId, activity] = (kind === 'agent' && ACCOUNT_CHANGES[what]) || OTHER;
  const isAccess = kind === 'agent' && what === 'updated';
  const classUid = kind === 'action' ? 6003 : isAccess ? 3005 : 3001;
  const categoryUid = kind === 'action' ? 6 : 3;
  return {
    time: Date.parse(entry.at),
    category_uid: categoryUid,
    category_name: kind === 'action' ? 'Application Activity' : 'Identity & Access Management',
    class_uid: classUid,
    class_name: kind === 'action' ? 'API Activity' : isAccess ? 'User Access Management' : 'Account Change',
    activity_id: activityId,
    activity_name: activityId === OTHER[0] ? what : activity,
    type_uid: classUid * 100 + activityId,
    severity_id: 1,
    severity: 'Informational',
    status_id: 1,
    status: 'Success',
    metadata: {
      version: VERSION,
      product: { name: 'Agent Provisioner', vendor_name: 'Agent Provisioner' },
      ...compact({ correlation_uid: entry.correlationId }),
      tenant_uid: tenant,
    },
    actor:
      kind === 'action'
        ? { user: { name: entry.by, ...compact({ type: entry.via }) } }
        : { app_name: entry.source },
    ...(kind === 'action'
      ? { api: { operation: what }, ...compact({ message: entry.reason }) }
      : { user: { uid: entry.person, ...compact({ account: accountOf(entry.agentId) }) } }),
    unmapped: unmappedOf(kind, entry),
  };
}

function accountOf(agentId: unknown): { uid: unknown; type: string } | undefined {
  return agentId === undefined ? undefined : { uid: agentId, type: 'SmartAssist agent' };
}

const MAPPED = new Set([
  'at',
  'what',
  'action',
  'by',
  'via',
  'reason',
  'person',
  'agentId',
  'source',
  'correlationId',
]);

function unmappedOf(kind: AuditLine['kind'], entry: AuditLine['entry']): Record<string, unknown> {
  const rest = Object.entries(entry).filter(([name]) => !MAPPED.has(name));
  return { kind, ...Object.fromEntries(rest) };
}
