// The public API, asked with the reader's session.

/** An answer that is a refusal: its sentence, code and status. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem?.code;
    this.errors = problem?.errors;
  }
}

/** Reads a resource. */
export const get = (path, signal) => ask(path, { signal, cache: 'no-store' });

/** Asks for a change. */
export const send = (method, path, body, headers = {}) =>
  ask(path, { method, headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers }, body: body === undefined ? undefined : JSON.stringify(body) });

async function ask(path, options) {
  const answer = await fetch(path, options);
  const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
  const content = isJson ? await answer.json() : null;
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}
