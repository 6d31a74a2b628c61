/** Ends the gateway when nobody needs it. */
import type { Gateway } from './server.ts';

/** Call `stop` after `minutes` without request, open socket or work. Returns a function that ends the watch. */
export function watchIdle(
  gateway: Gateway,
  minutes: number,
  stop: () => void
): () => void {
  if (minutes <= 0) {
    return () => undefined;
  }
  let last = Date.now();
  let open = 0;
  gateway.app.server.on('connection', socket => {
    open += 1;
    last = Date.now();
    socket.once('close', () => {
      open -= 1;
      last = Date.now();
    });
  });
  const timer = setInterval(
    () => {
      if (open > 0 || gateway.isBusy()) {
        last = Date.now();
      } else if (Date.now() - last > minutes * 60_000) {
        stop();
      }
    },
    Math.min(minutes * 15_000, 60_000)
  );
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
