import { Rejection } from '../answer.ts';
import type { CatalogueSeed } from '../catalogue.ts';

interface Semantics {
  readonly canSupportChat?: boolean | undefined;
  readonly canSupportVoice?: boolean | undefined;
  readonly chatLanguageSupport?: readonly unknown[] | undefined;
  readonly voiceLanguageSupport?: readonly unknown[] | undefined;
  readonly agentGroupId?: string | undefined;
  readonly agentGroups?: readonly { readonly groupId: string }[] | undefined;
  readonly roleId?: string | undefined;
  readonly skills?: readonly { readonly skillId: string }[] | undefined;
  readonly queues?: readonly { readonly id: string }[] | undefined;
  readonly desktopLayouts?: readonly { readonly id: string }[] | undefined;
}

/** The rules that need more than one field, or the catalogue. Throws a 400 that names every field that is wrong. */
export function checkSemantics(body: Semantics, catalogue: CatalogueSeed, needsChannel: boolean): void {
  const problems: string[] = [];
  if (needsChannel && body.canSupportChat !== true && body.canSupportVoice !== true) {
    problems.push('canSupportChat, canSupportVoice: at least one channel must be on');
  }
  if (body.canSupportChat === true && !body.chatLanguageSupport?.length) {
    problems.push('chatLanguageSupport: needs at least one language, since canSupportChat is on');
  }
  if (body.canSupportVoice === true && !body.voiceLanguageSupport?.length) {
    problems.push('voiceLanguageSupport: needs at least one language, since canSupportVoice is on');
  }
  const known = (field: string, id: string | undefined, ids: readonly string[]) => {
    if (id !== undefined && !ids.includes(id)) problems.push(`${field}: ${id} does not exist`);
  };
  const groupIds = catalogue.agentGroups.map(({ id }) => id);
  const roleIds = catalogue.roles.map(({ _id }) => _id);
  const skillIds = catalogue.skillGroups.flatMap((group) => group.skills.map(({ id }) => id));
  const queueIds = catalogue.queues.map(({ id }) => id);
  const layoutIds = catalogue.layouts.map(({ id }) => id);
  known('agentGroupId', body.agentGroupId, groupIds);
  for (const [i, { groupId }] of body.agentGroups?.entries() ?? [])
    known(`agentGroups[${i}].groupId`, groupId, groupIds);
  known('roleId', body.roleId, roleIds);
  for (const [i, { skillId }] of body.skills?.entries() ?? [])
    known(`skills[${i}].skillId`, skillId, skillIds);
  for (const [i, { id }] of body.queues?.entries() ?? []) known(`queues[${i}].id`, id, queueIds);
  for (const [i, { id }] of body.desktopLayouts?.entries() ?? []) {
    known(`desktopLayouts[${i}].id`, id, layoutIds);
  }
  if (problems.length > 0) throw new Rejection(400, problems);
}
