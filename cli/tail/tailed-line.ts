/** A line of what happens. */
export interface TailedLine {
  /** Undefined where it is of no tenant. */
  readonly tenant: string | undefined;
  readonly text: string;
}
