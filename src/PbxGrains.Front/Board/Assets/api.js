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

/** Asks for something that takes a while, and hears of it line by line. */
export async function sendForLines(path, body, hear) {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Refusal(answer.status, await contentOf(answer));
  let rest = '';
  for (const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line) hear(JSON.parse(line));
  }
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const content = await contentOf(answer);
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

async function contentOf(answer) {
  return (answer.headers.get('Content-Type') ?? '').includes('json') ? answer.json() : null;
}
