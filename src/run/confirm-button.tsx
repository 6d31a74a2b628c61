import * as React from 'react';

import { useRunEnvironment } from './environment';
import { focusOn, useKeptFocus } from './focus';
import type { IQuestion } from './questions';

/** Milliseconds after which an open question is taken back. */
const PATIENCE = 10_000;

/** Properties of a button that asks before it acts. */
export interface IConfirmButtonProps extends IQuestion {
  readonly label: string;
  /** Shown instead of the button while the action is under way; empty when it is not. */
  readonly busy: string;
  readonly isDangerous?: boolean;
  /** False where the action is harmless enough to be done at the first click. */
  readonly isQuestionNeeded?: boolean;
  /** Whether the question stands there from the start, without a button before it. */
  readonly isAskedFirst?: boolean;
  /** Told when the question has gone away, answered or not. */
  readonly onClosed?: () => void;
  readonly onConfirm: () => void;
  /** Raised by one to open the question from outside, as by a key. */
  readonly asked?: number;
}

/**
 * A button that turns into a question in its own place. The focus goes to the harmless answer, and after 10 s the question goes away.
 *
 * #### Notes
 * The focus stays with it while it changes: an element that is taken out of the page would take the focus with it.
 */
export function ConfirmButton(props: IConfirmButtonProps): JSX.Element | null {
  const { trans } = useRunEnvironment();
  const [isAsking, setAsking] = React.useState(props.isAskedFirst ?? false);
  const place = React.useRef<HTMLSpanElement>(null);
  /** What had the focus when the question was asked, as by a key. */
  const before = React.useRef<Element | null>(null);
  const asked = props.asked ?? 0;
  // what was asked before this button came was not asked of it
  const known = React.useRef(asked);
  const isBusy = props.busy !== '';

  const ask = (): void => {
    before.current = document.activeElement;
    setAsking(true);
  };

  React.useEffect(() => {
    if (asked !== known.current) {
      known.current = asked;
      ask();
    }
  }, [asked]);

  React.useEffect(() => {
    if (!isAsking) {
      return;
    }
    focusOn(place.current?.querySelector('[data-kfp-keep]'));
    const timer = window.setTimeout(() => setAsking(false), PATIENCE);
    return () => {
      window.clearTimeout(timer);
      props.onClosed?.();
    };
  }, [isAsking]);

  const keptFocus = useKeptFocus(() =>
    before.current?.isConnected && before.current !== document.body
      ? before.current
      : place.current?.querySelector('[tabindex], button')
  );

  return (
    <span ref={place} className="jp-KfpConfirm" {...keptFocus}>
      {isBusy ? (
        <span className="jp-KfpRun-busy" role="status" tabIndex={-1}>
          {props.busy}
        </span>
      ) : isAsking ? (
        <Question
          {...props}
          label={trans.__('Confirm')}
          onKeep={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            props.onConfirm();
          }}
        />
      ) : (
        props.label !== '' && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() =>
              props.isQuestionNeeded === false ? props.onConfirm() : ask()
            }
          >
            {props.label}
          </button>
        )
      )}
    </span>
  );
}

function Question(
  props: IQuestion & {
    readonly label: string;
    readonly isDangerous?: boolean;
    readonly onConfirm: () => void;
    readonly onKeep: () => void;
  }
): JSX.Element {
  return (
    <span
      className="jp-KfpRun-question"
      role="group"
      aria-label={props.label}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onKeep();
        }
      }}
    >
      <span className="jp-KfpRun-questionText">{props.question}</span>
      <button
        type="button"
        className={`jp-KfpButton ${props.isDangerous ? 'jp-mod-danger' : ''}`}
        onClick={props.onConfirm}
      >
        {props.confirm}
      </button>
      <button
        type="button"
        className="jp-KfpButton"
        data-kfp-keep
        onClick={props.onKeep}
      >
        {props.keep}
      </button>
    </span>
  );
}
