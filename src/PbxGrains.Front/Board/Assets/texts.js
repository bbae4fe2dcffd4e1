// What the page says, in the reader's language; the server wrote it into the page.
const texts = JSON.parse(document.getElementById('texts').textContent);

export const language = document.documentElement.lang;

/** The text of that name with its placeholders filled; the name itself where there is none. */
export function text(name, ...values) {
  return (texts[name] ?? name).replace(/\{(\d)\}/g, (_, place) => values[place] ?? '');
}

/** What a warning says: the API's own sentence, in French ours of its code, where there is one. */
export function warningText({ code, message }) {
  return language === 'en' ? message : texts[`Warning_${code.replaceAll('-', '_')}`] ?? message;
}

/** The text of a stable value of the API. */
export function textOf(kind, value) {
  return texts[`${kind}_${value}`] ?? value ?? '';
}
