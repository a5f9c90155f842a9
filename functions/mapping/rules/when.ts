/** When a mapping is asked about a person, and where the person's days begin and end. */
export interface When {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly zone: string;
}

/** Something of a mapping that holds from a time on, or until one. */
export interface Dated {
  readonly rule: string;
  /** The skill that ends; absent for the rule itself. */
  readonly skill?: string;
  readonly is: 'not yet' | 'now' | 'over';
  /** Epoch milliseconds: when it begins, where it doesn't hold yet, else when it ends or has ended. */
  readonly at: number;
}
