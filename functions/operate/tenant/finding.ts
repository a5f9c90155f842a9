/** One thing that was looked at. `!` is worth knowing, `✗` keeps people from becoming agents. */
export interface Finding {
  readonly section: 'SmartAssist' | 'secrets' | 'sources' | 'work' | 'notifications' | 'installation';
  readonly what: string;
  readonly mark: '✓' | '!' | '✗';
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}
