/** A language in which every word that went through the translator stands in marks, so that one that did not is seen. */
import {
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';

/** Stand around what was translated. */
export const OPEN = '⟦';
export const CLOSE = '⟧';

const english = nullTranslator.load('jupyterlab_kfp');
const marked = (text: string): string => `${OPEN}${text}${CLOSE}`;

/** The words of the page: English, or with `isMarked` the marked language. */
export function wordsOf(isMarked: boolean): TranslationBundle {
  return isMarked
    ? {
        ...english,
        __: (text, ...args) => marked(english.__(text, ...args)),
        _n: (one, many, n, ...args) =>
          marked(english._n(one, many, n, ...args)),
        _p: (context, text, ...args) =>
          marked(english._p(context, text, ...args)),
        _np: (context, one, many, n, ...args) =>
          marked(english._np(context, one, many, n, ...args)),
        gettext: (text, ...args) => marked(english.gettext(text, ...args)),
        ngettext: (one, many, n, ...args) =>
          marked(english.ngettext(one, many, n, ...args)),
        pgettext: (context, text, ...args) =>
          marked(english.pgettext(context, text, ...args)),
        npgettext: (context, one, many, n, ...args) =>
          marked(english.npgettext(context, one, many, n, ...args)),
        dcnpgettext: (domain, context, one, many, n, ...args) =>
          marked(english.dcnpgettext(domain, context, one, many, n, ...args))
      }
    : english;
}
