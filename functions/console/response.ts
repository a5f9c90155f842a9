import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compact } from '../runtime/compact.ts';
import type { Asset } from './assets/assets.ts';
import type { Download } from './page.ts';
import { documentOf, type Layout } from './view/layout.ts';

/**
 * Everything is forbidden but what a page has: its stylesheet, its script, its icon, and forms and requests that lead back
 * to this address (Content Security Policy Level 3).
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // With no-referrer a browser would send `Origin: null` with forms of the console itself.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
const NOT_KEPT = { ...SECURITY, 'cache-control': 'no-store' };

type Result = APIGatewayProxyStructuredResultV2;

export async function pageResult(
  status: number,
  layout: Layout,
  cookies: readonly string[] = [],
): Promise<Result> {
  return {
    statusCode: status,
    headers: { ...NOT_KEPT, 'content-type': 'text/html; charset=utf-8' },
    body: await documentOf(layout),
    ...compact({ cookies: cookies.length === 0 ? undefined : [...cookies] }),
  };
}

export function redirectResult(to: string, cookies: readonly string[] = []): Result {
  return {
    statusCode: 303,
    headers: { ...NOT_KEPT, location: to },
    body: '',
    ...compact({ cookies: cookies.length === 0 ? undefined : [...cookies] }),
  };
}

export function assetResult({ contentType, content }: Asset): Result {
  return {
    statusCode: 200,
    headers: {
      ...SECURITY,
      'content-type': contentType,
      'cache-control': 'public, max-age=31536000, immutable',
    },
    body: content,
  };
}

export function downloadResult({ fileName, contentType, content }: Download): Result {
  return {
    statusCode: 200,
    headers: {
      ...NOT_KEPT,
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
    },
    body: content,
  };
}
