import { UUID } from '@lumino/coreutils';

import { GatewayError } from './gateway-error';

/**
 * The key of a request that must not be done twice: it stays the same until the request was done or refused.
 *
 * #### Notes
 * Without an answer, and with one that somebody in between gave, the request may have been done all the same: then it is sent again with
 * its old key, by which the gateway knows it.
 */
export class RequestKey {
  /** Make a request with the key. */
  async send<T>(request: (key: string) => Promise<T>): Promise<T> {
    try {
      const answer = await request(this._key);
      this.renew();
      return answer;
    } catch (reason) {
      if (isRefusal(reason)) {
        this.renew();
      }
      throw reason;
    }
  }

  /** The next request is another one, whatever became of the last. */
  renew(): void {
    this._key = UUID.uuid4();
  }

  private _key = UUID.uuid4();
}

function isRefusal(reason: unknown): boolean {
  return (
    reason instanceof GatewayError &&
    reason.status >= 400 &&
    reason.status < 500
  );
}
