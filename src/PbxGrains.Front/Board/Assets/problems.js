// Why something was refused, in the reader's language: the API's own sentence in English, and in French where its code has one.
import { Refusal } from './api.js';
import { language, text } from './texts.js';

/** The sentence of what went wrong. */
export function sentenceOf(error) {
  if (!(error instanceof Refusal)) return text('site_fault');
  if (error.errors) return Object.values(error.errors).flat().join(' ');
  const known = `Problem_${(error.code ?? '').replaceAll('-', '_')}`;
  const translated = text(known);
  return language === 'en' || translated === known ? error.message : translated;
}

/** True when nobody knows whether it was done. */
export const isUnknown = error => !(error instanceof Refusal);
