/**
 * Takes the place of @aws-sdk/endpoint-cache in the functions' bundles. DynamoDB's client makes one for the discovery of
 * endpoints, which is off unless it is asked for: nothing is ever in it.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 */
export class EndpointCache {}
