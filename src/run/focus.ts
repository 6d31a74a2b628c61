import * as React from 'react';

/** Put the focus on an element without moving the page; false where it is gone or takes none. */
export function focusOn(element: Element | null | undefined): boolean {
  if (
    !(element instanceof HTMLElement) ||
    !element.isConnected ||
    element === document.body
  ) {
    return false;
  }
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/**
 * Keep the focus inside a part of the page: when what has it is taken away, as a button whose action is over, another element gets it.
 *
 * @param heir - finds the element that gets it.
 * @returns handlers for the part.
 */
export function useKeptFocus(
  heir: () => Element | null | undefined
): Pick<React.DOMAttributes<HTMLElement>, 'onFocus' | 'onBlur'> {
  const hasFocus = React.useRef(false);
  React.useEffect(() => {
    // the browser tells nobody that it took the focus from an element that went away
    if (hasFocus.current && document.activeElement === document.body) {
      hasFocus.current = false;
      focusOn(heir());
    }
  });
  return {
    onFocus: () => {
      hasFocus.current = true;
    },
    onBlur: () => {
      hasFocus.current = false;
    }
  };
}
