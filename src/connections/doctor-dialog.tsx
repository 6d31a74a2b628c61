import '../../style/view.css';

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type {
  DoctorCheck,
  DoctorReport,
  DoctorState
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import type { GatewayClient } from '../gateway/client';
import { sentenceOf } from '../gateway/gateway-error';
import { StateIcon } from '../icons/state-icon';
import type { StateSign } from '../icons/state-shapes';
import { copyText } from '../run/clipboard';
import { doctorText, doctorWord } from './doctor-text';

/** What a dialog about a connection needs. */
export interface IDoctorOptions {
  readonly connection: string;
  readonly client: Pick<GatewayClient, 'doctor'>;
  readonly trans: TranslationBundle;
}

/** Show what the doctor finds of a connection. */
export async function showDoctor(options: IDoctorOptions): Promise<void> {
  const { connection, trans } = options;
  const examination = new Examination(options);
  const { button } = await showDialog({
    title: trans.__('Doctor of the connection "%1"', connection),
    body: examination,
    buttons: [
      Dialog.createButton({ label: trans.__('Copy report'), accept: false }),
      Dialog.okButton({ label: trans.__('Close') })
    ],
    defaultButton: 1,
    focusNodeSelector: '.jp-mod-accept'
  });
  if (button.label === trans.__('Copy report') && examination.report) {
    copyText(doctorText(examination.report, trans));
  }
}

/**
 * Say how the reader gets into a service again that refused its credentials.
 *
 * @returns whether the service is to be asked again.
 */
export async function showSignIn(options: IDoctorOptions): Promise<boolean> {
  const { connection, trans } = options;
  const { button } = await showDialog({
    title: trans.__('Sign in to "%1"', connection),
    body: new Examination(options, ['credentials', 'list']),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Ask again') })
    ]
  });
  return button.accept;
}

/** The checks of a connection, as soon as they are done. */
class Examination extends ReactWidget {
  constructor(
    private readonly _options: IDoctorOptions,
    private readonly _only?: readonly DoctorCheck['name'][]
  ) {
    super();
    this.addClass('jp-KfpDoctor');
    _options.client.doctor(_options.connection).then(
      report => {
        this.report = report;
        this.update();
      },
      (reason: unknown) => {
        this._problem = sentenceOf(reason);
        this.update();
      }
    );
  }

  /** What was found; null until then. */
  report: DoctorReport | null = null;

  protected override render(): JSX.Element {
    const { trans } = this._options;
    const only = this._only;
    return (
      <div aria-live="polite">
        {this.report ? (
          <Checks
            trans={trans}
            checks={this.report.checks.filter(
              check =>
                !only || only.includes(check.name) || check.state === 'failed'
            )}
          />
        ) : (
          <p>{this._problem || trans.__('Examining…')}</p>
        )}
      </div>
    );
  }

  private _problem = '';
}

const SIGNS: Readonly<Record<DoctorState, StateSign>> = {
  passed: 'SUCCEEDED',
  failed: 'FAILED',
  skipped: 'SKIPPED'
};

function Checks(props: {
  readonly checks: readonly DoctorCheck[];
  readonly trans: TranslationBundle;
}): JSX.Element {
  return (
    <ol className="jp-KfpDoctor-checks">
      {props.checks.map(check => (
        <li key={check.name} className={`jp-mod-${check.state}`}>
          <StateIcon sign={SIGNS[check.state]} />
          <div>
            <span className="jp-KfpDoctor-topic">{check.topic}</span>{' '}
            <span className="jp-KfpDoctor-quiet">
              {doctorWord(check.state, props.trans)}
            </span>
            <p>{check.evidence}</p>
            {check.fix && <p className="jp-KfpDoctor-fix">{check.fix}</p>}
            {check.lines?.map(line => (
              <p key={line} className="jp-KfpDoctor-quiet">
                {line}
              </p>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
