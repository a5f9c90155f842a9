import { createHash } from 'node:crypto';

export interface AgentGroup {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly isUnassigned: boolean;
  readonly status: string;
}

export interface Skill {
  readonly id: string;
  readonly name: string;
}

export interface SkillGroup {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly skills: readonly Skill[];
}

export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly isDefault: boolean;
}

export interface Role {
  readonly _id: string;
  readonly role: string;
}

export interface Layout {
  readonly id: string;
  readonly name: string;
}

/** What a tenant has set up in SmartAssist, and which agents refer to by id. */
export interface CatalogueSeed {
  readonly agentGroups: readonly AgentGroup[];
  readonly skillGroups: readonly SkillGroup[];
  readonly queues: readonly Queue[];
  /** The first is given to agents that are created without one. */
  readonly roles: readonly Role[];
  /** The first is the one that `createDefaultLayoutAndAssign` assigns. */
  readonly layouts: readonly Layout[];
}

export interface CatalogueNames {
  readonly agentGroups: readonly string[];
  /** Skill group → its skills. */
  readonly skillGroups: Readonly<Record<string, readonly string[]>>;
  readonly queues: readonly string[];
  readonly roles: readonly string[];
  readonly layouts: readonly string[];
}

/**
 * A catalogue of these names. Ids have the published shapes and are derived from the names, so they are the same on
 * every machine; "Unassigned", "Default Group" and "Default Queue" get the flags that SmartAssist gives them.
 */
export function catalogueOf(names: CatalogueNames): CatalogueSeed {
  return {
    agentGroups: names.agentGroups.map((name) => ({
      id: `ag-${shortUuid(`agent group ${name}`)}`,
      name,
      isDefault: name === 'Default Group',
      isUnassigned: name === 'Unassigned',
      status: 'ACTIVE',
    })),
    skillGroups: Object.entries(names.skillGroups).map(([group, skills]) => ({
      id: hex24(`skill group ${group}`),
      name: group,
      color: `#${digest(`colour ${group}`).slice(0, 6).toUpperCase()}`,
      skills: skills.map((name) => ({ id: hex24(`skill ${group}/${name}`), name })),
    })),
    queues: names.queues.map((name) => ({
      id: `qu-${shortUuid(`queue ${name}`)}`,
      name,
      isActive: true,
      isDefault: name === 'Default Queue',
    })),
    roles: names.roles.map((role) => ({ _id: hex24(`role ${role}`), role })),
    layouts: names.layouts.map((name) => ({ id: `ly-${shortUuid(`layout ${name}`)}`, name })),
  };
}

/** The demo tenant's: `Refunds` is in two skill groups, and `Products` is longer than a page. */
export const DEMO_CATALOGUE: CatalogueSeed = catalogueOf({
  agentGroups: ['Unassigned', 'Default Group', 'Billing', 'Technical Support', 'Sales'],
  skillGroups: {
    Billing: ['Refunds', 'Invoices'],
    Support: ['Refunds', 'Hardware', 'Software'],
    'Default SkillGroup': ['Default Skill'],
    Products: [...'ABCDEFGHIJKL'].map((letter) => `Product ${letter}`),
  },
  queues: ['Default Queue', 'Billing', 'Support', 'Sales', 'VIP'],
  roles: ['Agent', 'Supervisor', 'Admin'],
  layouts: ['Default Layout'],
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** 24 hex digits: the shape of role, account and skill ids. */
export function hex24(text: string): string {
  return digest(text).slice(0, 24);
}

/** A UUID that is always the same for a text: the shape of stream, org and user ids. */
export function uuidOf(text: string): string {
  return digest(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5');
}

/** Groups, queues and layouts have seven digits in the first place: `ag-bdc4010-e237-48e6-…` in the samples. */
function shortUuid(text: string): string {
  return uuidOf(text).slice(1);
}
