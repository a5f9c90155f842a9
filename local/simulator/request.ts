/** A call as it reaches the simulator: `url` is the path with its query, header names are in lower case. */
export interface SimulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The path alone. Not through `URL`, which throws at paths such as `//` that a caller may well send. */
export function pathOf({ url }: SimulatorRequest): string {
  return url.split('?', 1)[0] ?? '';
}

export function queryOf(request: SimulatorRequest): URLSearchParams {
  return new URLSearchParams(request.url.slice(pathOf(request).length));
}
