import type { Resource } from '../../scim-core/resource/resource.ts';
import type { ScimResponse } from './response.ts';
import type { View } from './view.ts';

/** An answer with one resource: its address, its version, and the part of it that the client wants to see. */
export function resourceAnswer(resource: Resource, view: View, status = 200): ScimResponse {
  return { status, body: view.project(resource), headers: headersOf(resource) };
}

/** The answer to a PATCH of a client that has no use for the resource (RFC 7644 section 3.5.2). */
export function bodilessAnswer(resource: Resource): ScimResponse {
  return { status: 204, headers: headersOf(resource) };
}

function headersOf(resource: Resource): Record<string, string> {
  const { location, version } = resource.meta as { location: string; version: string };
  return { location, etag: version };
}
