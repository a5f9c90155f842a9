import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type StatusWords, standingIn } from '../../sources/status.ts';

/** A word that Merge can't translate comes through as the HR system has it. */
const STATUSES: StatusWords = { ACTIVE: true, PENDING: true, INACTIVE: false };

/** Merge's common model of an employee. @see https://docs.merge.dev/merge-unified/hris/common-models/employees/the-employee-object */
export function mergeEmployee(employee: JsonView) {
  const email = employee.text('work_email');
  const userName = email ?? employee.text('username') ?? employee.text('personal_email');
  const status = employee.text('employment_status');
  // Deleted in the HR system, which Merge says by the employee as it last was.
  const isDeleted = employee.flag('remote_was_deleted') === true;
  const { active, ...unknown } = isDeleted ? { active: false } : standingIn(STATUSES, status);
  return {
    userName,
    email,
    status,
    isDeleted,
    ...unknown,
    joinsAt: dayOf(employee.text('start_date')),
    leavesAt: dayOf(employee.text('termination_date')),
    person: attributesOf({
      userName,
      email,
      givenName: employee.text('preferred_name') ?? employee.text('first_name'),
      familyName: employee.text('last_name'),
      displayName: employee.text('display_full_name'),
      mobile: employee.text('mobile_phone_number'),
      employeeNumber: employee.text('employee_number'),
      active,
    }),
  };
}
