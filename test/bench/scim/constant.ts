import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { serveGateway } from '../../../local/gateway.ts';
import { userOf } from '../user.ts';

/**
 * The floor of what a request costs: a function behind the product's gateway and middy that reads nothing and answers one
 * user, whatever it is asked.
 */
const ID = '0193a0c0-0000-7000-8000-000000000000';
const AT = '2026-11-26T12:00:00.000Z';
const body = JSON.stringify({
  ...userOf('first-1'),
  id: ID,
  'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User': {
    provisioning: {
      state: 'waiting',
      reason: 'The rules of the configuration make no agent of the person (provisionWhen).',
      since: AT,
      correlationId: ID,
      updatedAt: AT,
    },
  },
  meta: {
    resourceType: 'User',
    created: AT,
    lastModified: AT,
    location: `http://127.0.0.1:8787/demo/scim/v2/Users/${ID}`,
    version: 'W/"1"',
  },
});

const answer = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context>().handler(
  async ({ requestContext }) => ({
    statusCode: requestContext.http.method === 'POST' ? 201 : 200,
    headers: {
      'content-type': 'application/scim+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  }),
);

const { port } = await serveGateway(() => answer, { host: '127.0.0.1', port: 0 });
console.log(`http://127.0.0.1:${port}/demo/scim/v2`);
