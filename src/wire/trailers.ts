const trailers = new WeakMap<Response, Headers>();

/** A response with trailers after its body, which gRPC needs and a web-standard Response has no place for. Whoever writes it asks for them. */
export function withTrailers(response: Response, after: Headers): Response {
  trailers.set(response, after);
  return response;
}

export function trailersOf(response: Response): Headers | undefined {
  return trailers.get(response);
}
