import type { StandIn } from './stand-in.ts';

/** What all people of a stand-in have in common, whichever vendor's words they are told in. */
export interface Employee {
  readonly id: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly phone?: string;
  readonly employeeNumber?: string;
  department: string;
  isActive: boolean;
  readonly createdAt: string;
  updatedAt: string;
}

/** What is known of a person who joins; without it, it is made of the person's number. */
export type Joiner = Pick<
  Employee,
  'email' | 'givenName' | 'familyName' | 'department' | 'phone' | 'employeeNumber'
>;

/** A stand-in with people who come, change and go. */
export interface Company extends StandIn {
  readonly people: People;
  /** Lets go of all places in lists, and of where changes go on. */
  expireCursors(): void;
}

export type Change = 'created' | 'updated' | 'deleted' | 'soft-deleted';

/** One thing that happened to a person, with the person as it left them. */
export interface Changed {
  readonly id: string;
  readonly change: Change;
  readonly at: string;
  readonly employee: Employee;
}

/** People, and what happened to them in its order. */
export class People {
  readonly all = new Map<string, Employee>();
  /** Who was deleted, restorable or not. */
  readonly gone = new Map<
    string,
    { readonly employee: Employee; readonly isRestorable: boolean; readonly at: string }
  >();
  readonly changes: Changed[] = [];
  readonly groups = new Map<string, { readonly name: string; readonly members: Set<string> }>();
  readonly #now: () => number;
  readonly #idOf: (number: number) => string;
  #added = 0;

  constructor(now: () => number, idOf: (number: number) => string) {
    this.#now = now;
    this.#idOf = idOf;
  }

  at(): string {
    return new Date(this.#now()).toISOString();
  }

  add(joiner?: Joiner): string {
    this.#added += 1;
    const number = this.#added;
    const at = this.at();
    const employee: Employee = {
      id: this.#idOf(number),
      email: `person-${number}@acme.test`,
      givenName: `Given ${number}`,
      familyName: `Family ${number}`,
      department: number % 2 === 0 ? 'Billing' : 'Support',
      ...joiner,
      isActive: true,
      createdAt: at,
      updatedAt: at,
    };
    this.all.set(employee.id, employee);
    this.#happened(employee, 'created');
    return employee.id;
  }

  change(id: string, change: Partial<Pick<Employee, 'department' | 'isActive'>>): void {
    const employee = this.#one(id);
    Object.assign(employee, change, { updatedAt: this.at() });
    this.#happened(employee, 'updated');
  }

  delete(id: string, isRestorable = false): void {
    const employee = this.#one(id);
    this.all.delete(id);
    this.gone.set(id, { employee, isRestorable, at: this.at() });
    this.#happened(employee, isRestorable ? 'soft-deleted' : 'deleted');
  }

  /** Joining and leaving a group changes no person. */
  addGroup(id: string, name: string, members: readonly string[] = []): void {
    this.groups.set(id, { name, members: new Set(members) });
  }

  /** The groups that have a person, by id and name. */
  groupsOf(id: string): { readonly id: string; readonly name: string }[] {
    return [...this.groups].flatMap(([group, { name, members }]) =>
      members.has(id) ? [{ id: group, name }] : [],
    );
  }

  #one(id: string): Employee {
    const employee = this.all.get(id);
    if (employee === undefined) throw new Error(`nobody is ${id}`);
    return employee;
  }

  #happened(employee: Employee, change: Change): void {
    this.changes.push({ id: employee.id, change, at: this.at(), employee: { ...employee } });
  }
}
