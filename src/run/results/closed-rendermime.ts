import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

/** Elements that load something as soon as they stand in a page. */
const LOADING =
  'img,image,picture,source,video,audio,track,iframe,embed,object,link';

/**
 * The renderers of the application for content of others: with the application's sanitizer, and so that nothing is loaded from anywhere,
 * because a picture of another site tells that site who looks at the report.
 */
export function closedRendermime(
  rendermime: IRenderMimeRegistry
): IRenderMimeRegistry {
  const { sanitizer } = rendermime;
  return rendermime.clone({
    sanitizer: {
      sanitize: (dirty: string, options?: IRenderMime.ISanitizerOptions) =>
        withoutLoads(sanitizer.sanitize(dirty, options))
    } as IRenderMime.ISanitizer
  });
}

/** HTML in which what would be loaded is replaced by its text. Parsed in a document of its own, which loads nothing. */
export function withoutLoads(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const element of Array.from(page.body.querySelectorAll(LOADING))) {
    const source = element.getAttribute('src') ?? '';
    const isInside =
      element.localName === 'img' &&
      /^data:image\//i.test(source) &&
      !element.hasAttribute('srcset');
    if (!isInside) {
      element.replaceWith(
        page.createTextNode(element.getAttribute('alt') ?? '')
      );
    }
  }
  for (const element of Array.from(page.body.querySelectorAll('[style]'))) {
    element.removeAttribute('style');
  }
  return page.body.innerHTML;
}
