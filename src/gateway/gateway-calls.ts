import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import {
  errorOfNonsense,
  errorOfResponse,
  errorOfSilence
} from './gateway-error';

/** Path below `base_url` under which the Jupyter Server hands calls on to the gateway. */
const API = 'jupyterlab-kfp/api';

/** Calls of the gateway by path; every failure is a `GatewayError`. */
export abstract class GatewayCalls {
  /** The language of what is said where the gateway says nothing. */
  readonly trans: TranslationBundle;

  constructor(options: GatewayCalls.IOptions) {
    this._settings = options.serverSettings;
    this.trans = options.trans;
  }

  /** A JSON answer. */
  protected async json<T>(
    method: string,
    path: readonly string[],
    body?: unknown,
    query?: Readonly<Record<string, string>>
  ): Promise<T> {
    const response = await this.fetch(method, path, body, query);
    const text = await response.text();
    // the shape is the contract of the gateway, whose schemas drop anything undeclared
    return readObject(text || '{}', this.trans) as T;
  }

  /** An answer with a good status. */
  protected async fetch(
    method: string,
    path: readonly string[],
    body?: unknown,
    query?: Readonly<Record<string, string>>
  ): Promise<Response> {
    const init: RequestInit = { method, cache: 'no-store' };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'Content-Type': 'application/json' };
    }
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        this.url(path, query),
        init,
        this._settings
      );
    } catch (reason) {
      throw errorOfSilence(reason, this.trans);
    }
    if (!response.ok) {
      throw await errorOfResponse(response, this.trans);
    }
    return response;
  }

  /** The address of a route. */
  protected url(
    path: readonly string[],
    query?: Readonly<Record<string, string>>
  ): string {
    const address = URLExt.join(
      this._settings.baseUrl,
      API,
      ...path.map(encodeURIComponent)
    );
    return query && Object.keys(query).length > 0
      ? address + URLExt.objectToQueryString({ ...query })
      : address;
  }

  private readonly _settings: ServerConnection.ISettings;
}

/** Options of the calls. */
export namespace GatewayCalls {
  export interface IOptions {
    /** The app's settings, never made anew. */
    readonly serverSettings: ServerConnection.ISettings;
    readonly trans: TranslationBundle;
  }
}

function readObject(text: string, trans: TranslationBundle): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value;
    }
  } catch {
    // told below: a server in between may answer with a page of its own
  }
  throw errorOfNonsense(trans);
}
