/** A language in which all that went through the translator stands in marks, so that what did not is seen. */
import {
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';

const trans = nullTranslator.load('jupyterlab_kfp');

/** The words of the page: English, or with `isMarked` English in marks. */
export function wordsOf(isMarked: boolean): TranslationBundle {
  return isMarked
    ? new Proxy(trans, {
        get: (bundle, name) => {
          const translate: unknown = Reflect.get(bundle, name);
          return typeof translate === 'function'
            ? (...given: unknown[]) =>
                `⟦${String(Reflect.apply(translate, bundle, given))}⟧`
            : translate;
        }
      })
    : trans;
}
