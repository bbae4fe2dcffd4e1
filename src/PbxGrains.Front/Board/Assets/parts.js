// Small changes to what is on the page: nothing is touched that says the same already, so that a reader's focus, selection
// and screen reader are left alone.
export const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

/** What strangers wrote becomes text, never markup. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, or removes it for null. */
export function mark(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function badge(element, tone, text) {
  mark(element, 'data-tone', tone);
  write(element, text);
}

/** A new element with text. */
export function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** An element that shows an instant or an age. */
export function makeTime(name, instant) {
  const element = document.createElement(name);
  mark(element, 'datetime', instant);
  return element;
}
