/** Of a tenant's `smartassist` section what calls are made from. */
export interface Account {
  /** With `https://` and without a slash at its end. */
  readonly host: string;
  readonly streamId: string;
  readonly accountId?: string | undefined;
  /** Which optional claims the JWT carries. */
  readonly tokenClaims: TokenClaims;
}

export interface TokenClaims {
  readonly iat: boolean;
  readonly exp: boolean;
  readonly jti: boolean;
}
