/** Whether anybody can see the page: false in a tab behind another one and in a window that is minimised. */
export function isPageSeen(): boolean {
  return document.visibilityState !== 'hidden';
}

/**
 * Do something as soon as the page is seen: now, or when the reader comes back to it.
 *
 * @returns a function that calls it off.
 */
export function whenPageSeen(act: () => void): () => void {
  if (isPageSeen()) {
    act();
    return () => undefined;
  }
  const onChange = (): void => {
    if (isPageSeen()) {
      callOff();
      act();
    }
  };
  const callOff = (): void =>
    document.removeEventListener('visibilitychange', onChange);
  document.addEventListener('visibilitychange', onChange);
  return callOff;
}
