import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** The path without the stage, where the API has a named one. */
export function pathOf({ rawPath, requestContext }: APIGatewayProxyEventV2): string {
  const { stage } = requestContext;
  return stage !== '$default' && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

/** A segment of a path. API Gateway has decoded the path already, so what doesn't decode is what was meant. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
