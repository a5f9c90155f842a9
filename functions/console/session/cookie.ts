/** How the browser keeps a session: HTTPS alone on AWS, and plain on one machine, which speaks HTTP. */
export interface CookieTerms {
  readonly isSecure: boolean;
  readonly tenant: string;
}

/**
 * One cookie a tenant and purpose, so that an operator can be signed in at several. With `__Host-` a browser takes it over
 * HTTPS from this host alone (RFC 6265bis section 4.1.3.2).
 */
export function cookieName({ isSecure, tenant }: CookieTerms, purpose: 'session' | 'sign-in'): string {
  return `${isSecure ? '__Host-' : ''}console-${purpose}-${tenant}`;
}

/** @param seconds how long it is kept; 0 takes it out */
export function cookieText(
  terms: CookieTerms,
  purpose: 'session' | 'sign-in',
  value: string,
  seconds: number,
): string {
  const secure = terms.isSecure ? '; Secure' : '';
  return `${cookieName(terms, purpose)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}
